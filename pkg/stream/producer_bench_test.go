package stream_test

import (
	"context"
	"log/slog"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/pkg/kafkatest"
	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/pkg/topic"
	"github.com/segmentio/kafka-go"
)

const (
	benchCallers    = 128
	benchPartitions = 8
)

// BenchmarkPublish is 128 callers with one 600 B record a call, over 8 partitions; the reference in the same run is
// kafka-go's Writer, tuned for that shape. KAFKA_BROKERS names a broker in another process.
func BenchmarkPublish(b *testing.B) {
	addrs, _ := kafkatest.Brokers(b)
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
		BatchTimeout: time.Millisecond, BatchSize: 32, Transport: transport,
	}
	defer w.Close()
	p := c.NewProducer(stream.ProducerConfig{})
	defer p.Close(context.WithoutCancel(b.Context()))
	value := make([]byte, 600)
	rate := map[string]float64{}
	b.Run("writer", func(b *testing.B) {
		rate["writer"] = benchCalls(b, func(ctx context.Context, key []byte) error {
			return w.WriteMessages(ctx, kafka.Message{Key: key, Value: value})
		})
	})
	b.Run("producer", func(b *testing.B) {
		rate["producer"] = benchCalls(b, func(ctx context.Context, key []byte) error {
			return p.Publish(ctx, stream.Record{Topic: name, Key: key, Value: value})
		})
		if rate["writer"] > 0 {
			b.ReportMetric(rate["producer"]/rate["writer"], "x-writer")
		}
	})
}

func benchCalls(b *testing.B, call func(context.Context, []byte) error) float64 {
	b.ReportAllocs()
	var all sync.WaitGroup
	for caller := range benchCallers {
		all.Go(func() {
			for i := caller; i < b.N; i += benchCallers {
				if err := call(b.Context(), strconv.AppendInt(nil, int64(i), 10)); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
	r := float64(b.N) / b.Elapsed().Seconds()
	b.ReportMetric(r, "msgs/s")
	return r
}
