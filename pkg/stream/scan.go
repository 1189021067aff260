package stream

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/segmentio/kafka-go"

	"github.com/omnicapi/omnicapi/pkg/backoff"
)

// scanTries bounds how often a partition is dialed again without any progress: its leader may be moving.
const (
	scanTries = 10
	scanPause = 200 * time.Millisecond
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
		s := scan{client: c, topic: topic, partition: p, since: since, fn: fn}
		if err := s.run(ctx); err != nil {
			return fmt.Errorf("scanning %s/%d: %w", topic, p, err)
		}
	}
	return nil
}

// scan reads one partition from at to end; both are found by the first connection that works.
type scan struct {
	client    *Client
	topic     string
	partition int
	since     time.Time
	fn        func(*Record) error

	located bool
	at, end int64
}

// errByCaller wraps an error of fn, which ends the scan and is never retried.
type errByCaller struct{ error }

func (e errByCaller) Unwrap() error { return e.error }

// run dials again after an error and goes on where it was.
func (s *scan) run(ctx context.Context) error {
	for tries := 1; ; tries++ {
		from := s.at
		err := s.connection(ctx)
		var own errByCaller
		switch {
		case err == nil:
			return nil
		case ctx.Err() != nil:
			return ctx.Err()
		case errors.As(err, &own):
			return own.error
		case errors.Is(err, errUnpacked):
			return err
		}
		if s.at > from {
			tries = 0
		}
		if tries == scanTries {
			return err
		}
		s.client.refresh(ctx)
		if !backoff.Wait(ctx, scanPause) {
			return ctx.Err()
		}
	}
}

func (s *scan) connection(ctx context.Context) error {
	conn, err := s.client.dialLeader(ctx, s.topic, s.partition)
	if err != nil {
		return err
	}
	defer conn.Close()
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer stop()
	if !s.located {
		if err := s.locate(conn); err != nil {
			return err
		}
	}
	if _, err := conn.Seek(s.at, kafka.SeekAbsolute|kafka.SeekDontCheck); err != nil {
		return err
	}
	for s.at < s.end {
		if err := s.fetch(conn); err != nil {
			return err
		}
	}
	return nil
}

func (s *scan) locate(conn *kafka.Conn) error {
	if err := conn.SetDeadline(time.Now().Add(requestTimeout)); err != nil {
		return err
	}
	at, end, err := conn.ReadOffsets()
	if err != nil {
		return err
	}
	if !s.since.IsZero() {
		from, err := conn.ReadOffset(s.since)
		if err != nil {
			return err
		}
		if at = max(at, from); from < 0 { // every record is older
			at = end
		}
	}
	s.at, s.end, s.located = at, end, true
	return nil
}

func (s *scan) fetch(conn *kafka.Conn) error {
	if err := conn.SetDeadline(time.Now().Add(requestTimeout)); err != nil {
		return err
	}
	batch := conn.ReadBatchWith(kafka.ReadBatchConfig{MinBytes: 1, MaxBytes: fetchBytes, MaxWait: fetchWait})
	recs, unpacking := recordsOf(conn, batch, s.topic, s.partition)
	for _, rec := range recs {
		if rec.Offset < s.at {
			continue
		}
		if rec.Offset >= s.end {
			s.at = s.end
			break
		}
		if err := s.fn(&rec); err != nil {
			_ = batch.Close() // fn's error is the one to report
			return errByCaller{err}
		}
		s.at = rec.Offset + 1
	}
	if err := batch.Close(); err != nil && unpacking == nil {
		return err
	}
	if unpacking != nil && s.at < s.end {
		return fmt.Errorf("the batch at offset %d: %w", s.at, unpacking)
	}
	if next, _ := conn.Offset(); next > s.at { // markers and compacted records, which nobody sees
		s.at = next
	}
	return nil
}
