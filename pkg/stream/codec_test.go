package stream_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/segmentio/kafka-go"

	"github.com/omnicapi/omnicapi/pkg/stream"
)

// TestCompressedBatchesAreRead: other producers compress. Whatever the codec, consumers and scans get the records as
// they were, headers and times included.
func TestCompressedBatchesAreRead(t *testing.T) {
	t.Parallel()
	at := time.UnixMilli(1_760_000_000_123)
	for _, codec := range []kafka.Compression{kafka.Gzip, kafka.Snappy, kafka.Lz4, kafka.Zstd} {
		t.Run(codec.String(), func(t *testing.T) {
			g := newGround(t, 1)
			var messages []kafka.Message
			for i := range 500 {
				r := g.record("k", i)
				messages = append(messages, kafka.Message{Key: r.Key, Value: r.Value, Time: at.Add(time.Duration(i) * time.Millisecond), Headers: []kafka.Header{{Key: "h", Value: r.Value}, {Key: "null"}}})
			}
			transport := &kafka.Transport{}
			defer transport.CloseIdleConnections()
			w := &kafka.Writer{Addr: kafka.TCP(g.addrs...), Topic: g.topic, Compression: codec, RequiredAcks: kafka.RequireAll, BatchTimeout: time.Millisecond, BatchSize: 200, Transport: transport}
			defer w.Close()
			if err := w.WriteMessages(t.Context(), messages...); err != nil {
				t.Fatal(err)
			}
			consumed := g.read(500, true)
			for from, recs := range map[string][]stream.Record{"scanned": g.storedRecords(), "consumed": consumed.records} {
				if len(recs) != 500 {
					t.Fatalf("%s %d records", from, len(recs))
				}
				for i, r := range recs {
					want := numbers(i, i+1)[0]
					same := string(r.Value) == want && r.Offset == int64(i) && r.Time.Equal(at.Add(time.Duration(i)*time.Millisecond)) && string(r.Key) == "k"
					if !same || !slices.EqualFunc(r.Headers, []stream.Header{{Key: "h", Value: []byte(want)}, {Key: "null"}}, func(a, b stream.Header) bool {
						return a.Key == b.Key && string(a.Value) == string(b.Value)
					}) {
						t.Fatalf("%s record %d: %+v", from, i, r)
					}
				}
			}
		})
	}
}

// TestChunksHaveASize: what repeats itself takes a hundredth of its room on Kafka, and one fetch brings many batches of it. A consumer
// holds some megabytes of a partition all the same, begins again in the middle of a batch, and passes nothing by.
func TestChunksHaveASize(t *testing.T) {
	t.Parallel()
	const n, most = 40, 5 << 20 // bytes
	g := newGround(t, 1)
	p := g.producer(stream.ProducerConfig{})
	filler := strings.Repeat("the facts of one request ", 12_000)
	for i := range n {
		r := g.record("k", i)
		r.Headers = []stream.Header{{Key: "filler", Value: []byte(filler)}}
		if err := p.Publish(t.Context(), r, g.record("k", n+i), g.record("k", 2*n+i)); err != nil {
			t.Fatal(err)
		}
	}
	s := &seen{}
	_, stop := g.consume(func(_, _ context.Context, in <-chan stream.Chunk) {
		for c := range in {
			size := 0
			for i := range c.Records {
				if len(c.Records[i].Headers) > 0 {
					size += len(c.Records[i].Headers[0].Value)
				}
			}
			if size > most {
				t.Errorf("a chunk of %d bytes", size)
			}
			s.add(&c)
			c.SettleAll()
		}
	})
	g.await("all records", func() bool { return s.distinct() == 3*n })
	stop()
	if got := g.stored(); len(got) != 3*n {
		t.Errorf("a scan finds %d", len(got))
	}
}
