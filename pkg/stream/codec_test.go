package stream_test

import (
	"slices"
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
