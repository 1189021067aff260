package stream

import (
	"context"
	"fmt"
	"time"

	"github.com/segmentio/kafka-go"
)

// Scan reads a topic once, from since (zero: the start) to the end it has at the call, every partition, and calls fn
// for each record, one at a time, in order within a partition. It stops at fn's first error. A record is valid until fn
// returns.
func (c *Client) Scan(ctx context.Context, topic string, since time.Time, fn func(*Record) error) error {
	r, err := c.freshRoutes(ctx)
	if err != nil {
		return fmt.Errorf("scanning %s: %w", topic, err)
	}
	t, ok := r.topics[topic]
	if !ok {
		return fmt.Errorf("scanning %s: %w", topic, kafka.UnknownTopicOrPartition)
	}
	for p := range t.leaders {
		if err := c.scanPartition(ctx, topic, p, since, fn); err != nil {
			return fmt.Errorf("scanning %s/%d: %w", topic, p, err)
		}
	}
	return nil
}

func (c *Client) scanPartition(ctx context.Context, topic string, partition int, since time.Time, fn func(*Record) error) error {
	conn, err := c.dialLeader(ctx, topic, partition)
	if err != nil {
		return err
	}
	defer conn.Close()
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer stop()
	if err := conn.SetDeadline(time.Now().Add(requestTimeout)); err != nil {
		return err
	}
	at, end, err := conn.ReadOffsets()
	if err != nil {
		return err
	}
	if !since.IsZero() {
		from, err := conn.ReadOffset(since)
		if err != nil {
			return err
		}
		if from < 0 { // every record is older
			return nil
		}
		at = from
	}
	if _, err := conn.Seek(at, kafka.SeekAbsolute|kafka.SeekDontCheck); err != nil {
		return err
	}
	for at < end {
		if err := conn.SetDeadline(time.Now().Add(requestTimeout)); err != nil {
			return err
		}
		batch := conn.ReadBatchWith(kafka.ReadBatchConfig{MinBytes: 1, MaxBytes: fetchBytes, MaxWait: fetchWait})
		for _, rec := range recordsOf(batch, topic, partition) {
			if rec.Offset >= end {
				break
			}
			if err := fn(&rec); err != nil {
				_ = batch.Close() // fn's error is the one to report
				return err
			}
		}
		if err := batch.Close(); err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			return err
		}
		next, _ := conn.Offset()
		if next <= at {
			return fmt.Errorf("no progress at offset %d", at)
		}
		at = next
	}
	return nil
}
