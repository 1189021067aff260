package lane

import (
	"context"
	"fmt"
	"log/slog"
	"strconv"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/trace/noop"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/leaktest"
	"github.com/omnicapi/omnicapi/services/forwarder/internal/batch"
)

// Bounds of the gate and of writing fates, as the README states them.
const (
	longestPause     = time.Minute // after a transient fault
	probeEvery       = 30 * time.Second
	credentialsEvery = 2 * time.Second
	longestRewrite   = 5 * time.Second // between two tries to write a fate
)

func TestMain(m *testing.M) { leaktest.Main(m) }

// harness runs one lane in a synctest bubble.
type harness struct {
	t       *testing.T
	meta    *meta
	bus     *bus
	lane    *Lane
	reg     *prometheus.Registry
	in      chan Chunk
	chunks  []*chunk
	offsets map[int]int64
	version atomic.Uint64

	stop, kill context.CancelFunc
	done       chan struct{}
}

func config() Config {
	return Config{
		Dataset: "shop", Limits: batch.Limits{Events: 1000, Bytes: 1 << 20, Linger: time.Second},
		InFlight: 4, Dedup: 1000, Deadline: 168 * time.Hour, Outcomes: "outcomes", DeadLetters: "deadletters",
	}
}

func start(t *testing.T, cfg Config) *harness {
	t.Helper()
	h := &harness{
		t: t, meta: &meta{took: 100 * time.Millisecond, fn: func([]string) Answer { return ok() }}, bus: newBus(),
		reg: prometheus.NewRegistry(), offsets: map[int]int64{},
	}
	cfg.Credentials = func() uint64 { return h.version.Load() }
	h.lane = New(cfg, h.meta, h.bus, NewMetrics(h.reg, []string{cfg.Dataset}), noop.NewTracerProvider().Tracer(""),
		slog.New(slog.DiscardHandler))
	h.generation()
	return h
}

// generation begins one: what a rebalance does.
func (h *harness) generation() {
	ctx, stop := context.WithCancel(context.Background())
	drain, kill := context.WithCancel(context.Background())
	h.stop, h.kill = stop, kill
	h.in, h.done = make(chan Chunk), make(chan struct{})
	go func() {
		defer close(h.done)
		h.lane.Work(ctx, drain, h.in)
	}()
}

// end stops the lane as a requested stop does and waits.
func (h *harness) end() {
	h.stop()
	<-h.done
	h.kill()
}

// signal is a usual one; change it before feeding.
func signal(id string) event.Signal {
	return event.Signal{
		ID: []byte(id), Source: []byte("/channels/website/web"), Time: time.Now(), EventTime: time.Now().Unix(),
		EventName: []byte("Purchase"), ActionSource: []byte("website"), Value: []byte("9.50"), Currency: []byte("EUR"),
	}
}

func signals(from, n int) []event.Signal {
	s := make([]event.Signal, n)
	for i := range s {
		s[i] = signal(fmt.Sprintf("e%05d", from+i))
	}
	return s
}

func (h *harness) chunkOf(partition int, sigs []event.Signal) (Chunk, *chunk) {
	c := &chunk{h: h, settled: make([]bool, len(sigs))}
	for i := range sigs {
		r := sigs[i].Record("signals.shop", []byte(`{"event_name":"Purchase","event_id":"`+string(sigs[i].ID)+`"}`))
		r.Partition, r.Offset = partition, h.offsets[partition]
		h.offsets[partition]++
		c.records = append(c.records, r)
	}
	return Chunk{Partition: partition, Records: c.records, Settler: c}, c
}

// feed hands over one chunk; it waits until the lane takes it.
func (h *harness) feed(partition int, sigs ...event.Signal) *chunk {
	h.t.Helper()
	lc, c := h.chunkOf(partition, sigs)
	h.chunks = append(h.chunks, c)
	h.in <- lc
	return c
}

// wait lets time pass in the bubble.
func wait(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}

// allSettled says how many of the records fed are settled.
func (h *harness) settled() (n, of int) {
	for _, c := range h.chunks {
		c.mu.Lock()
		for _, s := range c.settled {
			if s {
				n++
			}
		}
		of += len(c.settled)
		c.mu.Unlock()
	}
	return n, of
}

func (h *harness) wantSettled(want int) {
	h.t.Helper()
	if n, _ := h.settled(); n != want {
		h.t.Fatalf("%d records are settled, want %d", n, want)
	}
}

func (h *harness) want(fate fault.Fate, reason fault.Reason, n int) {
	h.t.Helper()
	if got := h.bus.ids(fate, reason); len(got) != n {
		h.t.Fatalf("%d events are %s %s, want %d: %.200s", len(got), fate, reason, n, fmt.Sprint(got))
	}
}

// metric reads one series, "name{a=b,c=d}" in label order.
func (h *harness) metric(name string, labels ...string) float64 {
	h.t.Helper()
	families, err := h.reg.Gather()
	if err != nil {
		h.t.Fatal(err)
	}
	for _, f := range families {
		if f.GetName() != name {
			continue
		}
	next:
		for _, m := range f.GetMetric() {
			for i := 0; i < len(labels); i += 2 {
				found := false
				for _, l := range m.GetLabel() {
					found = found || l.GetName() == labels[i] && l.GetValue() == labels[i+1]
				}
				if !found {
					continue next
				}
			}
			switch {
			case m.GetGauge() != nil:
				return m.GetGauge().GetValue()
			case m.GetCounter() != nil:
				return m.GetCounter().GetValue()
			case m.GetHistogram() != nil:
				return float64(m.GetHistogram().GetSampleCount())
			}
		}
	}
	h.t.Fatalf("no series %s%s", name, fmt.Sprint(labels))
	return 0
}

func number(id string) int {
	n, err := strconv.Atoi(id[1:])
	if err != nil {
		panic(err)
	}
	return n
}
