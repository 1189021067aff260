package stream_test

import (
	"context"
	"log/slog"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/segmentio/kafka-go"

	"github.com/omnicapi/omnicapi/pkg/kafkatest"
	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/pkg/topic"
)

const (
	benchCallers    = 128
	benchPartitions = 8
	benchRound      = 8192 // messages
)

// BenchmarkPublish is 128 callers with one 600 B record a call, over 8 partitions, to a broker in another process; the
// reference is kafka-go's Writer, tuned for that shape. ratio lets them take turns on the warm broker, so that both meet
// the same noise; its x-writer is the figure to watch. KAFKA_BROKERS names an Apache Kafka.
func BenchmarkPublish(b *testing.B) {
	addrs := kafkatest.Apart(b)
	c, err := stream.Open(stream.Config{Brokers: addrs, ClientID: "bench"}, slog.New(slog.DiscardHandler), nil)
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	name := kafkatest.Names(b).Outcomes()
	spec := topic.Spec{Name: name, Partitions: benchPartitions, Replication: 1, Retention: time.Hour}
	if _, err := c.Apply(b.Context(), []topic.Spec{spec}, false); err != nil {
		b.Fatal(err)
	}
	transport := &kafka.Transport{MetadataTTL: time.Second}
	defer transport.CloseIdleConnections()
	w := &kafka.Writer{
		Addr: kafka.TCP(addrs...), Topic: name, Balancer: kafka.Murmur2Balancer{}, RequiredAcks: kafka.RequireAll,
		BatchTimeout: time.Millisecond, BatchSize: benchCallers / benchPartitions, Transport: transport,
	}
	defer w.Close()
	p := c.NewProducer(stream.ProducerConfig{})
	defer p.Close(context.WithoutCancel(b.Context()))
	value := make([]byte, 600)
	writer := func(ctx context.Context, key []byte) error {
		return w.WriteMessages(ctx, kafka.Message{Key: key, Value: value})
	}
	producer := func(ctx context.Context, key []byte) error {
		return p.Publish(ctx, stream.Record{Topic: name, Key: key, Value: value})
	}
	for range 2 { // a fresh broker is slow
		benchCalls(b, benchRound, writer)
		benchCalls(b, benchRound, producer)
	}
	b.Run("ratio", func(b *testing.B) {
		var took [2]time.Duration
		for left := b.N; left > 0; left -= benchRound {
			for i, call := range []func(context.Context, []byte) error{writer, producer} {
				took[i] += benchCalls(b, min(left, benchRound), call)
			}
		}
		b.ReportMetric(float64(b.N)/took[0].Seconds(), "writer-msgs/s")
		b.ReportMetric(float64(b.N)/took[1].Seconds(), "producer-msgs/s")
		b.ReportMetric(took[0].Seconds()/took[1].Seconds(), "x-writer")
	})
	for name, call := range map[string]func(context.Context, []byte) error{"writer": writer, "producer": producer} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			benchCalls(b, b.N, call)
		})
	}
}

// benchCalls makes n calls from all callers and returns how long they took.
func benchCalls(b *testing.B, n int, call func(context.Context, []byte) error) time.Duration {
	began := time.Now()
	var all sync.WaitGroup
	for caller := range benchCallers {
		all.Go(func() {
			for i := caller; i < n; i += benchCallers {
				if err := call(b.Context(), strconv.AppendInt(nil, int64(i), 10)); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
	return time.Since(began)
}
