package lane

import (
	"context"
	"log/slog"
	"runtime"
	"strconv"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/trace/noop"

	"github.com/omnicapi/omnicapi/pkg/capi"
	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/services/forwarder/internal/batch"
)

// discard is a Publisher that keeps nothing.
type discard struct{}

func (discard) Publish(context.Context, ...stream.Record) error { return nil }

// counter is a Settler that only counts.
type counter struct{ n atomic.Int64 }

func (c *counter) SettleRun(_, n int) { c.n.Add(int64(n)) }

// gateway is a Poster that is down until up is set.
type gateway struct{ up atomic.Bool }

func (g *gateway) Post(_ context.Context, r *batch.Request) Answer {
	if !g.up.Load() {
		return failed(capi.Transient, 503, 2, 0)
	}
	return ok()
}

// kilobytes makes a chunk of n signals of 1 KB each, numbered from.
func kilobytes(from, n int, now time.Time) []stream.Record {
	values := make([]byte, n<<10)
	recs := make([]stream.Record, n)
	for i := range recs {
		v := values[i<<10 : (i+1)<<10 : (i+1)<<10]
		v[0], v[1023] = '{', '}'
		s := signal(strconv.Itoa(from + i))
		s.Time, s.EventTime = now, now.Unix()
		recs[i] = s.Record("signals.shop", v)
		recs[i].Offset = int64(from + i)
	}
	return recs
}

func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// TestMillionWaiting: a million events of 1 KB wait; the lane holds its window and nothing else, while Meta is down and
// while it catches up. The heap may grow by 40 MB; the events are 1 GB.
func TestMillionWaiting(t *testing.T) {
	const events, perChunk, allowed = 1_000_000, 1000, 40 << 20
	synctest.Test(t, func(t *testing.T) {
		reg := prometheus.NewRegistry()
		cfg := config()
		cfg.Dedup = 20000
		meta := &gateway{}
		l := New(cfg, meta, discard{}, NewMetrics(reg, []string{"shop"}), noop.NewTracerProvider().Tracer(""), slog.New(slog.DiscardHandler))
		ctx, stop := context.WithCancel(context.Background())
		in, done := make(chan Chunk), make(chan struct{})
		base := heap()
		go func() {
			defer close(done)
			l.Work(ctx, context.Background(), in)
		}()
		var made, most atomic.Int64
		settled := &counter{}
		sourced := make(chan struct{})
		go func() {
			defer close(sourced)
			for from := 0; from < events; from += perChunk {
				recs := kilobytes(from, perChunk, time.Now())
				in <- Chunk{Partition: from / perChunk % 12, Records: recs, Settler: settled}
				made.Add(perChunk)
				if from/perChunk%50 == 0 {
					most.Store(max(most.Load(), heap()-base))
				}
			}
		}()
		wait(time.Hour)
		window := int64((cfg.InFlight+1)*cfg.Limits.Events) + 2*perChunk
		if n := made.Load(); n > window {
			t.Errorf("%d events are read while Meta is down, want at most %d", n, window)
		}
		most.Store(max(most.Load(), heap()-base))
		meta.up.Store(true)
		<-sourced
		wait(time.Minute)
		if n := settled.n.Load(); n != events {
			t.Errorf("%d settled", n)
		}
		if most.Load() > allowed {
			t.Errorf("the heap grew by %d MB", most.Load()>>20)
		}
		t.Logf("the heap grew by at most %d MB", most.Load()>>20)
		stop()
		<-done
	})
}
