package stream_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/segmentio/kafka-go"

	"github.com/omnicapi/omnicapi/pkg/stream"
)

// TestBombStandsStill (F54): a batch that unpacks to far more is not read, and not passed by either: the consumer says which it is,
// and is not ready. What lies before it is consumed, other partitions go on.
func TestBombStandsStill(t *testing.T) {
	t.Parallel()
	for _, codec := range []kafka.Compression{kafka.Gzip, kafka.Zstd} {
		t.Run(codec.String(), func(t *testing.T) {
			g := newGround(t, 2)
			transport := &kafka.Transport{}
			defer transport.CloseIdleConnections()
			w := &kafka.Writer{
				Addr: kafka.TCP(g.addrs...), Topic: g.topic, Compression: codec, RequiredAcks: kafka.RequireAll, BatchTimeout: time.Millisecond,
				BatchBytes: 1 << 30, Transport: transport,
				Balancer: kafka.BalancerFunc(func(m kafka.Message, _ ...int) int { return int(m.Key[0] - '0') }),
			}
			defer w.Close()
			write := func(key, value string) {
				t.Helper()
				if err := w.WriteMessages(t.Context(), kafka.Message{Key: []byte(key), Value: []byte(value)}); err != nil {
					t.Fatal(err)
				}
			}
			write("0", "before")
			write("0", strings.Repeat("x", 40<<20))
			write("0", "behind")
			write("1", "beside")

			got := &seen{}
			consumer, _ := g.consume(got.settleAll)
			g.await("what is not of that batch is consumed", func() bool {
				return slices.Contains(got.values(), "before") && slices.Contains(got.values(), "beside")
			})
			g.await("the consumer says that it stands", func() bool { return g.log.with("unpacks to more") > 0 })
			for _, part := range []string{g.topic + "/0", "the batch at offset 1", "unpacks to more"} {
				g.await("its readiness says "+part, func() bool { return strings.Contains(fmt.Sprint(consumer.Ready()), part) })
			}
			if slices.Contains(got.values(), "behind") {
				t.Error("what lies behind it was consumed: its offset is lost")
			}
			if n := g.log.with("unpacks to more"); n != 1 {
				t.Errorf("said %d times\n%s", n, g.log)
			}
			if err := g.client.Scan(t.Context(), g.topic, time.Time{}, func(*stream.Record) error { return nil }); err == nil {
				t.Error("a scan passes it by")
			}
		})
	}
}
