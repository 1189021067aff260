package lane

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/omnicapi/omnicapi/pkg/capi"
	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/services/forwarder/internal/batch"
	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/trace/noop"
	"go.uber.org/goleak"
)

// Bounds of the gate and of writing fates, as the README states them.
const (
	longestPause     = time.Minute // after a transient fault
	probeEvery       = 30 * time.Second
	credentialsEvery = 2 * time.Second
	longestRewrite   = 5 * time.Second // between two tries to write a fate
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// answers of Meta by class.
func ok() Answer {
	return Answer{Answer: capi.Answer{Class: capi.OK, Status: 200, EventIndex: -1, FBTraceID: "A1"}, Usage: -1}
}

func failed(class capi.Class, status, code, subcode int) Answer {
	return Answer{Answer: capi.Answer{Class: class, Status: status, Code: code, Subcode: subcode, EventIndex: -1}, Usage: -1}
}

func setup(reason capi.SetupReason) Answer {
	a := failed(capi.Setup, 401, 190, 0)
	a.Setup = reason
	return a
}

// meta is a fake Poster: fn answers, after took.
type meta struct {
	mu       sync.Mutex
	took     time.Duration
	late     map[string]time.Duration // by first id: how much longer its post takes
	fn       func(ids []string) Answer
	posts    [][]string
	times    []time.Time
	inFlight int
	widest   int
}

func (m *meta) Post(ctx context.Context, r *batch.Request) Answer {
	ids := make([]string, len(r.Events))
	for i := range r.Events {
		ids[i] = string(r.Events[i].Record.Key)
	}
	m.mu.Lock()
	m.posts = append(m.posts, ids)
	m.times = append(m.times, time.Now())
	m.inFlight++
	m.widest = max(m.widest, m.inFlight)
	m.mu.Unlock()
	defer func() {
		m.mu.Lock()
		m.inFlight--
		m.mu.Unlock()
	}()
	select {
	case <-ctx.Done():
		return Answer{Aborted: true, Usage: -1}
	case <-time.After(m.took + m.late[ids[0]]):
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.fn(ids)
}

func (m *meta) set(fn func(ids []string) Answer) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.fn = fn
}

func (m *meta) count() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.posts)
}

// bus is a fake Publisher that keeps fates by partition and offset.
type bus struct {
	mu       sync.Mutex
	err      error
	outcomes []*event.Outcome
	fates    map[string][]event.EventFate // by event id
	letters  map[string]event.DeadLetter  // by event id
	where    map[[2]int64]bool            // partition, offset: a fate is written
	hang     atomic.Bool                  // until the context ends
}

func newBus() *bus {
	return &bus{fates: map[string][]event.EventFate{}, letters: map[string]event.DeadLetter{}, where: map[[2]int64]bool{}}
}

func (b *bus) Publish(ctx context.Context, recs ...stream.Record) error {
	if b.hang.Load() {
		<-ctx.Done()
		return fmt.Errorf("publishing: %w", ctx.Err())
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.err != nil {
		return b.err
	}
	for i := range recs {
		if recs[i].Topic == "deadletters" {
			var d event.DeadLetter
			if err := d.Decode(&recs[i]); err != nil {
				panic(err)
			}
			b.letters[string(recs[i].Key)] = d
			continue
		}
		o, err := event.DecodeOutcome(recs[i].Value)
		if err != nil {
			panic(err)
		}
		b.outcomes = append(b.outcomes, o)
		for _, f := range o.Events {
			b.fates[f.ID] = append(b.fates[f.ID], f)
			b.where[[2]int64{int64(f.Partition), f.Offset}] = true
		}
	}
	return nil
}

func (b *bus) fail(err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.err = err
}

// ids of the events that ended so, sorted.
func (b *bus) ids(fate fault.Fate, reason fault.Reason) []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	var ids []string
	for id, fates := range b.fates {
		for _, f := range fates {
			if f.Fate == fate && f.Reason == reason {
				ids = append(ids, id)
			}
		}
	}
	slices.Sort(ids)
	return ids
}

// chunk is a Settler that refuses to be settled before the fate is on Kafka, or twice.
type chunk struct {
	h       *harness
	records []stream.Record
	mu      sync.Mutex
	settled []bool
}

func (c *chunk) SettleRun(first, n int) {
	for i := range n {
		c.settle(first + i)
	}
}

func (c *chunk) settle(i int) {
	r := &c.records[i]
	c.h.bus.mu.Lock()
	written := c.h.bus.where[[2]int64{int64(r.Partition), r.Offset}]
	c.h.bus.mu.Unlock()
	c.mu.Lock()
	defer c.mu.Unlock()
	if !written {
		c.h.t.Errorf("offset %d is settled before its fate is written", r.Offset)
	}
	if c.settled[i] {
		c.h.t.Errorf("offset %d is settled twice", r.Offset)
	}
	c.settled[i] = true
}

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
