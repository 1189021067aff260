package httpapi

import (
	"context"
	"log/slog"
	"net/http"
	"syscall"
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/pkg/kafkatest"
	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/services/ingest/internal/accept"
)

func TestMain(m *testing.M) { kafkatest.Main(m) }

// callersPerCore makes 128 callers on two cores.
const callersPerCore = 64

// BenchmarkKafka is what a request with one event costs ingest's process: with a Kafka that costs nothing, and with one in another
// process, uncompressed and compressed, in turns. CPU time is what counts: the broker takes its share of the same cores.
func BenchmarkKafka(b *testing.B) {
	addrs := kafkatest.Apart(b)
	names := kafkatest.Names(b)
	publishing := func(compression string) http.Handler {
		client, err := stream.Open(stream.Config{Brokers: addrs, ClientID: "bench", Compression: compression}, slog.New(slog.DiscardHandler), nil)
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(client.Close)
		kafkatest.Create(b, client, names, 12, "shop")
		producer := client.NewProducer(stream.ProducerConfig{})
		b.Cleanup(func() { _ = producer.Close(context.WithoutCancel(b.Context())) })
		sources := standard()
		for _, s := range sources {
			s.Topic = names.Events(s.Channel)
		}
		f := newFixture(b, nil, sources...)
		f.accept = accept.New(producer, 10*time.Second, slog.New(slog.DiscardHandler))
		return f
	}
	without := newFixture(b, nil)
	without.kafka.publish = func(context.Context, []stream.Record) error { return nil }
	cost := map[string]float64{}
	for _, side := range []struct {
		name string
		api  http.Handler
	}{{"without", without}, {"uncompressed", publishing(stream.Uncompressed)}, {"zstd", publishing(stream.Zstd)}} {
		b.Run(side.name, func(b *testing.B) {
			b.SetParallelism(callersPerCore)
			before := cpu(b)
			benchmark(b, side.api, http.StatusOK)
			cost[side.name] = float64(cpu(b)-before) / float64(b.N)
			b.ReportMetric(cost[side.name], "cpu-ns/op")
			for _, of := range []string{"without", "uncompressed"} {
				if cost[of] > 0 {
					b.ReportMetric(cost[side.name]/cost[of], "x-"+of)
				}
			}
		})
	}
}

// cpu is what this process has taken of the machine's cores.
func cpu(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
