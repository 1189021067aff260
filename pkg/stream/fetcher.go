package stream

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/segmentio/kafka-go"

	"github.com/omnicapi/omnicapi/pkg/backoff"
	"github.com/omnicapi/omnicapi/pkg/fault"
)

// Fetch sizes: 10 MB a fetch is no faster than 1 MB, and a partition holds one chunk at a time. What is fetched is compressed, mostly
// to a fifth; what repeats itself more than that is read in several fetches, so that a chunk has a size whatever is in it.
const (
	fetchBytes = 256 << 10
	chunkBytes = 4 << 20 // unpacked
	fetchWait  = 500 * time.Millisecond
)

// fetchPauses is how long a fetcher waits before it dials again.
var fetchPauses = backoff.Pauses{Min: 50 * time.Millisecond, Max: time.Second}

// fetcher reads one partition for one generation. kafka-go's Reader has no notice of a rebalance and commits for
// partitions that it lost; its Conn has neither problem.
type fetcher struct {
	client    *Client
	topic     string
	partition int
	next      int64 // kafka.FirstOffset: nothing was committed yet
	lookback  int
	tracker   *tracker
	out       chan<- Chunk
	report    func(doing string, err error)
	end       int64 // where the partition ended at the group's last commit
	whole     bool  // the group is to have all that the partition ever held
	lose      func(ctx context.Context, l Loss) bool
	anew      func(ctx context.Context) bool // whether the topic is another one than the position's
}

// run fetches until ctx ends. After any error the Conn is unusable: it dials again.
func (f *fetcher) run(ctx context.Context) {
	failures := 0 // in a row, without a record in between
	for ctx.Err() == nil {
		if failures > 0 && !fetchPauses.Wait(ctx, failures) {
			return
		}
		from := f.next
		err := f.connection(ctx)
		if ctx.Err() != nil {
			return
		}
		if f.next != from {
			failures = 0
		}
		failures++
		f.report(fmt.Sprintf("fetching %s/%d", f.topic, f.partition), err)
	}
}

// connection fetches over one connection until an error.
func (f *fetcher) connection(ctx context.Context) error {
	conn, err := f.client.dialLeader(ctx, f.topic, f.partition)
	if err != nil {
		f.client.refresh(ctx)
		return err
	}
	defer conn.Close()
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer stop()
	if f.next >= 0 && f.anew(ctx) {
		<-ctx.Done() // the generation ends for it, and the next one begins at the new topic's first record
		return nil
	}
	if err := f.locate(ctx, conn); err != nil {
		return err
	}
	if err := f.history(ctx, conn); err != nil {
		return err
	}
	if _, err := conn.Seek(f.next, kafka.SeekAbsolute|kafka.SeekDontCheck); err != nil {
		return err
	}
	for {
		recs, err := f.read(conn)
		if len(recs) > 0 {
			c := Chunk{Topic: f.topic, Partition: f.partition, Records: recs, tracker: f.tracker, first: f.tracker.add(recs)}
			f.next = recs[len(recs)-1].Offset + 1
			select {
			case f.out <- c:
			case <-ctx.Done():
				return nil // the chunk is never settled, so the commit stays before it
			}
		}
		if errors.Is(err, errUnpacked) {
			return fmt.Errorf("the batch at offset %d: %w", f.next, err)
		}
		if err != nil {
			return err
		}
	}
}

// locate checks the position against what the partition holds. A position before its start means that records were lost
// to retention; one past its end that it was truncated or made anew, and then what it holds may never have been
// consumed: it is read from its start. Losses are recorded before the position moves, and no record is skipped.
func (f *fetcher) locate(ctx context.Context, conn *kafka.Conn) error {
	if err := conn.SetDeadline(time.Now().Add(requestTimeout)); err != nil {
		return err
	}
	first, last, err := conn.ReadOffsets()
	if err != nil {
		return err
	}
	l := Loss{Topic: f.topic, Partition: f.partition, From: f.next, To: first}
	switch {
	case f.next < 0 && first > 0 && f.whole:
		l.From, l.Cause = 0, fault.NeverCommitted
	case f.next < 0:
		f.next = first
	case f.next < first:
		l.Cause = fault.Retention
	case f.next > last:
		_, end, _ := f.tracker.uncommitted()
		l.To, l.Cause = max(f.end, end), fault.Truncated
	}
	if l.Cause != "" {
		if !f.lose(ctx, l) {
			return ctx.Err()
		}
		f.move(first)
	}
	f.tracker.position(f.next, last)
	return nil
}

func (f *fetcher) move(to int64) {
	f.next = to
	f.tracker.move(to)
}

// history hands on the records before the position, once a generation.
func (f *fetcher) history(ctx context.Context, conn *kafka.Conn) error {
	if f.lookback == 0 {
		return nil
	}
	first, err := conn.ReadFirstOffset()
	if err != nil {
		return err
	}
	from := max(first, f.next-int64(f.lookback))
	if _, err := conn.Seek(from, kafka.SeekAbsolute|kafka.SeekDontCheck); err != nil {
		return err
	}
	for at := from; at < f.next; {
		recs, err := f.read(conn)
		if len(recs) > 0 {
			at = recs[len(recs)-1].Offset + 1
		}
		for len(recs) > 0 && recs[len(recs)-1].Offset >= f.next {
			recs = recs[:len(recs)-1]
		}
		if len(recs) > 0 {
			select {
			case f.out <- Chunk{Topic: f.topic, Partition: f.partition, Records: recs, History: true}:
			case <-ctx.Done():
				return nil
			}
		}
		if err != nil {
			return err
		}
		if o, _ := conn.Offset(); o > at {
			at = o // records of a compacted or transactional batch that nobody sees
		}
	}
	f.lookback = 0
	return nil
}

// read makes one fetch. Some records and an error may come together.
func (f *fetcher) read(conn *kafka.Conn) ([]Record, error) {
	if err := conn.SetReadDeadline(time.Now().Add(fetchWait + 10*time.Second)); err != nil {
		return nil, err
	}
	batch := conn.ReadBatchWith(kafka.ReadBatchConfig{MinBytes: 1, MaxBytes: fetchBytes, MaxWait: fetchWait})
	recs, err := recordsOf(conn, batch, f.topic, f.partition)
	if hw := batch.HighWaterMark(); hw > 0 {
		f.tracker.setHighWater(hw)
	}
	if closing := batch.Close(); err == nil && closing != nil && !errors.Is(closing, kafka.RequestTimedOut) {
		err = closing
	}
	return recs, err
}

// recordsOf reads a batch to its end, or until it has chunkBytes. Its error is errUnpacked; any other is what the batch's Close reports.
func recordsOf(conn *kafka.Conn, batch *kafka.Batch, topic string, partition int) (recs []Record, err error) {
	for held := 0; held < chunkBytes; {
		m, err := batch.ReadMessage()
		if errors.Is(err, errUnpacked) {
			_ = conn.Close() // else the batch's Close waits for bytes that were read already
			return recs, errUnpacked
		}
		if err != nil {
			return recs, nil //nolint:nilerr // io.EOF, or what Close reports
		}
		recs = append(recs, recordOf(&m, topic, partition))
		held += size(&recs[len(recs)-1])
	}
	return recs, nil
}

func recordOf(m *kafka.Message, topic string, partition int) Record {
	r := Record{Topic: topic, Partition: partition, Offset: m.Offset, Key: m.Key, Value: m.Value, Time: m.Time}
	if len(m.Headers) > 0 {
		r.Headers = make([]Header, len(m.Headers))
		for i, h := range m.Headers {
			r.Headers[i] = Header(h)
		}
	}
	return r
}
