package graph

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/pkg/capi"
	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/services/forwarder/internal/batch"
	"github.com/omnicapi/omnicapi/services/forwarder/internal/lane"
	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/trace/noop"
)

const (
	benchBatch = 1000
	benchWide  = 4
)

// sink takes batches of 1000 as Meta does, over TLS.
func sink(b *testing.B) *httptest.Server {
	b.Helper()
	answer := []byte(`{"events_received":` + strconv.Itoa(benchBatch) + `,"messages":[],"fbtrace_id":"A"}`)
	s := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		_, _ = w.Write(answer)
	}))
	b.Cleanup(s.Close)
	return s
}

func benchRecords(n int) []stream.Record {
	recs := make([]stream.Record, n)
	for i := range recs {
		id := []byte(strconv.Itoa(i))
		s := event.Signal{
			ID: id, Source: []byte("/channels/website/web"), Time: time.Now(), EventTime: time.Now().Unix(),
			EventName: []byte("Purchase"), ActionSource: []byte("website"), Value: []byte("12.50"), Currency: []byte("EUR"),
		}
		recs[i] = s.Record("signals.shop", request(1, 1020).Events[0].Record.Value)
		recs[i].Offset = int64(i)
	}
	return recs
}

type settled struct{ n atomic.Int64 }

func (s *settled) Settle(int) { s.n.Add(1) }

// fates is a Publisher that is as fast as can be: what is measured is the forwarder, not Kafka.
type fates struct{}

func (fates) Publish(context.Context, ...stream.Record) error { return nil }

// BenchmarkSplicedPosts is the reference: the same spliced bodies posted 4 at a time, without a lane.
func BenchmarkSplicedPosts(b *testing.B) {
	s := sink(b)
	p := poster(b, s, nil)
	recs := benchRecords(benchBatch)
	r := &batch.Request{}
	for i := range recs {
		r.Events = append(r.Events, batch.Event{Record: &recs[i]})
	}
	b.SetBytes(int64(r.Size()))
	b.ReportAllocs()
	b.ResetTimer()
	var left atomic.Int64
	left.Store(int64(b.N))
	var wg sync.WaitGroup
	for range benchWide {
		wg.Go(func() {
			for left.Add(-1) >= 0 {
				if a := p.Post(b.Context(), r); a.Class != capi.OK {
					b.Errorf("%+v", a)
					return
				}
			}
		})
	}
	wg.Wait()
}

// BenchmarkLane is the whole forwarder but Kafka: decode, look for duplicates, batch, post, write outcomes, settle.
func BenchmarkLane(b *testing.B) {
	s := sink(b)
	p := poster(b, s, nil)
	recs := benchRecords(benchBatch)
	l := lane.New(lane.Config{
		Dataset: "shop", Limits: batch.Limits{Events: benchBatch, Bytes: 2 << 20, Linger: time.Second}, InFlight: benchWide,
		Dedup: benchBatch - 1, Deadline: 168 * time.Hour, Outcomes: "outcomes", DeadLetters: "deadletters",
	}, p, fates{}, lane.NewMetrics(prometheus.NewRegistry(), []string{"shop"}), noop.NewTracerProvider().Tracer(""), slog.New(slog.DiscardHandler))
	ctx, stop := context.WithCancel(b.Context())
	in, done := make(chan lane.Chunk), make(chan struct{})
	go func() {
		defer close(done)
		l.Work(ctx, context.Background(), in)
	}()
	all := &settled{}
	b.SetBytes(benchBatch * 1021)
	b.ReportAllocs()
	b.ResetTimer()
	for range b.N {
		in <- lane.Chunk{Records: recs, Settler: all}
	}
	for all.n.Load() < int64(b.N)*benchBatch {
		select {
		case <-done:
		case <-time.After(time.Millisecond):
		}
	}
	b.StopTimer()
	stop()
	<-done
}
