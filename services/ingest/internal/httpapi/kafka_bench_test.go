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

// BenchmarkKafka is what a request with one event costs ingest's process, with a Kafka in another process and with one
// that costs nothing, in turns. CPU time is what counts: the broker takes its share of the same cores.
func BenchmarkKafka(b *testing.B) {
	client, err := stream.Open(stream.Config{Brokers: kafkatest.Apart(b), ClientID: "bench"}, slog.New(slog.DiscardHandler), nil)
	if err != nil {
		b.Fatal(err)
	}
	defer client.Close()
	names := kafkatest.Names(b)
	kafkatest.Create(b, client, names, 12, "shop")
	producer := client.NewProducer(stream.ProducerConfig{})
	defer producer.Close(context.WithoutCancel(b.Context()))

	without := newFixture(b, nil)
	without.kafka.publish = func(context.Context, []stream.Record) error { return nil }
	sources := standard()
	for _, s := range sources {
		s.Topic = names.Events(s.Channel)
	}
	with := newFixture(b, nil, sources...)
	with.accept = accept.New(producer, 10*time.Second, slog.New(slog.DiscardHandler))
	cost := map[string]float64{}
	for _, side := range []struct {
		name string
		api  http.Handler
	}{{"without", without}, {"with", with}} {
		b.Run(side.name, func(b *testing.B) {
			b.SetParallelism(callersPerCore)
			before := cpu(b)
			benchmark(b, side.api, http.StatusOK)
			cost[side.name] = float64(cpu(b)-before) / float64(b.N)
			b.ReportMetric(cost[side.name], "cpu-ns/op")
			if cost["without"] > 0 {
				b.ReportMetric(cost["with"]/cost["without"], "x-without")
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
