package spool

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/omnicapi/omnicapi/pkg/leaktest"
	"github.com/omnicapi/omnicapi/pkg/stream"
)

func TestMain(m *testing.M) { leaktest.Main(m) }

// patience is how long a test waits for what must happen: far more than it takes.
const patience = 40 * time.Second

var arrival = time.Date(2026, 11, 23, 9, 30, 0, 123, time.UTC)

// rig is a spool of the test's own, that may be closed and opened again.
type rig struct {
	*testing.T
	*Spool
	o   Options
	log *lines
}

func newRig(t *testing.T, change ...func(*Options)) *rig {
	t.Helper()
	r := &rig{T: t, log: &lines{}}
	r.o = Options{Dir: t.TempDir() + "/spool", Size: 64 << 20, Prefix: "p."}
	r.o.Log = slog.New(slog.NewTextHandler(r.log, nil))
	for _, c := range change {
		c(&r.o)
	}
	r.open()
	t.Cleanup(r.close)
	return r
}

func (r *rig) try() error {
	r.o.Registry = prometheus.NewRegistry()
	s, err := Open(r.o)
	if err == nil {
		r.Spool = s
	}
	return err
}

func (r *rig) open() {
	r.Helper()
	if err := r.try(); err != nil {
		r.Fatal(err)
	}
}

func (r *rig) close() {
	r.Helper()
	if r.Spool == nil {
		return
	}
	if err := r.Close(context.Background()); err != nil {
		r.Error(err)
	}
	r.Spool = nil
}

func (r *rig) put(ids ...string) {
	r.Helper()
	for _, id := range ids {
		if err := r.Put(r.Context(), event("p.events.website", id)); err != nil {
			r.Fatal(err)
		}
	}
}

// event is a record as accept makes it.
func event(topic, id string) stream.Record {
	return stream.Record{
		Topic: topic, Key: []byte("key of " + id), Value: []byte(`{"id":"` + id + `","email":"jane@example.com"}`), Time: arrival,
		Headers: []stream.Header{{Key: "content-type", Value: []byte("application/cloudevents+json")}, {Key: "traceparent", Value: []byte("00-1")}},
	}
}

func idOf(r *stream.Record) string {
	_, id, _ := strings.Cut(string(r.Value), `{"id":"`)
	id, _, _ = strings.Cut(id, `"`)
	return id
}

// ids are first-0 to first-(n-1).
func ids(first string, n int) (all []string) {
	for i := range n {
		all = append(all, fmt.Sprintf("%s-%d", first, i))
	}
	return all
}

// contents are the ids in the file, in order.
func (r *rig) contents(p place) (all []string) {
	r.Helper()
	items, err := r.store.read(p, 0, 1<<30, 1<<40)
	if err != nil {
		r.Fatal(err)
	}
	for _, it := range items {
		rec, err := decodeRecord(it.value)
		if err != nil {
			r.Fatal(err)
		}
		all = append(all, idOf(&rec))
	}
	return all
}

// drainOn drains until the test ends, or the function that it returns is called.
func (r *rig) drainOn(k *kafka) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	s := r.Spool
	go func() {
		defer close(done)
		if err := s.Drain(ctx, k, k); err != nil {
			r.Error(err)
		}
	}()
	stop = func() { cancel(); <-done }
	r.Cleanup(stop)
	return stop
}

func (r *rig) await(what string, ok func() bool) {
	r.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for limit := time.After(patience); !ok(); {
		select {
		case <-tick.C:
		case <-limit:
			r.Fatalf("%s: not within %s\n%s", what, patience, r.log)
		}
	}
}

// metric is the value of a metric of the spool without labels, or with the reason.
func (r *rig) metric(name string, reason ...string) float64 {
	r.Helper()
	all, err := r.o.Registry.(*prometheus.Registry).Gather()
	if err != nil {
		r.Fatal(err)
	}
	for _, f := range all {
		if f.GetName() != "omnicapi_ingest_spool_"+name {
			continue
		}
		for _, m := range f.GetMetric() {
			if len(reason) == 0 || m.GetLabel()[0].GetValue() == reason[0] {
				return m.GetCounter().GetValue() + m.GetGauge().GetValue()
			}
		}
	}
	r.Fatalf("no metric %s %v", name, reason)
	return 0
}

// kafka is a cluster in memory.
type kafka struct {
	mu      sync.Mutex
	cluster string
	down    error                          // of each record
	refuse  func(rec *stream.Record) error // of one
	recs    []stream.Record
	tries   int
}

var errDown = errors.New("kafka is away")

func (k *kafka) ClusterID(context.Context) (string, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.cluster == "" {
		return "", errDown
	}
	return k.cluster, nil
}

func (k *kafka) PublishEach(_ context.Context, recs ...stream.Record) (errs []error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.tries++
	for i := range recs {
		err := k.down
		if err == nil && k.refuse != nil {
			err = k.refuse(&recs[i])
		}
		if err == nil {
			k.recs = append(k.recs, recs[i])
		}
		errs = append(errs, err)
	}
	return errs
}

func (k *kafka) set(change func()) {
	k.mu.Lock()
	defer k.mu.Unlock()
	change()
}

func (k *kafka) count() int {
	k.mu.Lock()
	defer k.mu.Unlock()
	return len(k.recs)
}

func (k *kafka) ids(topic string) (all []string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for i := range k.recs {
		if r := &k.recs[i]; r.Topic == topic || topic == "" {
			all = append(all, idOf(r))
		}
	}
	return all
}

// lines is a log.
type lines struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func (l *lines) with(text string) int { return strings.Count(l.String(), text) }

// putAll puts events past the committer, in one commit.
func (s *store) putAll(ids []string) error {
	var values [][]byte
	for _, id := range ids {
		r := event("p.events.website", id)
		values = append(values, appendRecord(nil, &r))
	}
	_, err := s.put(values)
	return err
}

func equalTimes(a, b time.Time) bool { return a.Equal(b) }
