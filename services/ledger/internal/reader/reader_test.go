package reader

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/leaktest"
	"github.com/omnicapi/omnicapi/pkg/record"
	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/services/ledger/internal/index"
	"github.com/omnicapi/omnicapi/services/ledger/internal/index/disk"
)

func TestMain(m *testing.M) { leaktest.Main(m) }

// kafka is a topic of one partition, in Kafka's place: it tells what it holds, and then waits for its end.
type kafka struct {
	id    string
	first int64
	recs  []record.Record
}

func (k *kafka) follow(ctx context.Context, _ string, f stream.Follower) error {
	end := k.first + int64(len(k.recs))
	next := f.From(stream.Bounds{Topic: k.id, First: k.first, End: end, Next: k.first})
	for ; next < end && ctx.Err() == nil; next++ {
		r := k.recs[next-k.first]
		r.Offset = next
		f.Record(&r)
	}
	if ctx.Err() == nil {
		f.Fetched(0, next, end)
		f.CaughtUp()
	}
	<-ctx.Done()
	return nil
}

func outcomes(ids ...string) (recs []record.Record) {
	at := time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
	for i, id := range ids {
		o := event.Outcome{BatchID: "b-" + id, Stage: fault.Forwarder, EndedAt: at, Events: []event.EventFate{{ID: id, Fate: fault.Delivered, Topic: "t", Offset: int64(i)}}}
		recs = append(recs, o.Records("outcomes")...)
	}
	return recs
}

func open(t *testing.T) *disk.Store {
	t.Helper()
	s, err := disk.Open(disk.Options{Dir: filepath.Join(t.TempDir(), "ledger"), Log: slog.New(slog.DiscardHandler), Reserve: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// logged is what a reader said.
type logged struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logged) has(text string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Contains(l.text.String(), text)
}

// read runs a reader of the topic until it is read to its end, or ended by itself.
func read(t *testing.T, store index.Store, k *kafka) (r *Reader, log *logged, err error) {
	t.Helper()
	log = &logged{}
	r = &Reader{
		topic: index.Outcomes, name: "outcomes", store: store, follow: k.follow, metrics: NewMetrics(prometheus.NewRegistry(), store),
		log: slog.New(slog.NewTextHandler(log, nil)), now: time.Now, parts: map[int]*progress{},
	}
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	done := make(chan error, 1)
	go func() { done <- r.Run(ctx) }()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case err := <-done:
			return r, log, err
		case <-tick.C:
			if r.Ready() == nil {
				stop()
			}
		}
	}
}

func known(t *testing.T, store index.Store, ids ...string) {
	t.Helper()
	for _, id := range ids {
		if found, err := store.Event(id); err != nil || len(found.Fates) != 1 {
			t.Errorf("%s has %d fates, %v", id, len(found.Fates), err)
		}
	}
}

// TestReadsOn: what was read is not read again; records that are gone are missed, and said; what cannot be read is passed by.
func TestReadsOn(t *testing.T) {
	t.Parallel()
	store, k := open(t), &kafka{id: "one", recs: outcomes("a", "b")}
	if r, _, err := read(t, store, k); err != nil || testutil.ToFloat64(r.metrics.records.WithLabelValues("outcomes", "read")) != 2 {
		t.Fatal(err)
	}
	k.recs = append(k.recs, record.Record{Value: []byte("no outcome"), Time: time.Now()})
	k.recs = append(k.recs, outcomes("c")...)
	r, log, err := read(t, store, k)
	if n := testutil.ToFloat64(r.metrics.records.WithLabelValues("outcomes", "read")); err != nil || n != 1 || !log.has("passing by") {
		t.Errorf("read %v, %v", n, err)
	}
	k.first, k.recs = 9, outcomes("d")
	r, log, err = read(t, store, k)
	if n := testutil.ToFloat64(r.metrics.missed.WithLabelValues("outcomes")); err != nil || n != 5 || !log.has("gone before") {
		t.Errorf("missed %v, %v", n, err)
	}
	known(t, store, "a", "b", "c", "d")
}

// TestMadeAnew: a topic of another id is read from its start, which is said, and what the store has stays.
func TestMadeAnew(t *testing.T) {
	t.Parallel()
	store := open(t)
	for i, k := range []*kafka{{id: "one", recs: outcomes("a", "b")}, {id: "two", recs: outcomes("c")}} {
		if _, log, err := read(t, store, k); err != nil || log.has("made anew") != (i == 1) {
			t.Errorf("%s: %v", k.id, err)
		}
	}
	known(t, store, "a", "b", "c")
}

// TestTruncated: where the topic lost its end, other records have the offsets that were read: the index is built anew.
func TestTruncated(t *testing.T) {
	t.Parallel()
	store := open(t)
	if _, _, err := read(t, store, &kafka{id: "one", recs: outcomes("a", "b")}); err != nil {
		t.Fatal(err)
	}
	k := &kafka{id: "one", recs: outcomes("c")}
	r, log, err := read(t, store, k)
	if !errors.Is(err, ErrTruncated) || !log.has("building the index anew") {
		t.Fatalf("%v", err)
	}
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	done := make(chan error, 1)
	go func() { done <- Together(store, r)(ctx) }()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for r.Ready() != nil && ctx.Err() == nil {
		<-tick.C
	}
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
	known(t, store, "c")
	if found, _ := store.Event("a"); len(found.Fates) != 0 {
		t.Error("what Kafka has lost is still there")
	}
}

// full is a store that takes nothing for a while.
type full struct {
	index.Store
	wait *atomic.Int32
}

func (f full) Apply(records []index.Record) error {
	if f.wait.Add(-1) >= 0 {
		return index.ErrFull
	}
	return f.Store.Apply(records)
}

// TestFull: while the store takes nothing the reader waits, and holds no more than it had; then it goes on, without a gap.
func TestFull(t *testing.T) {
	t.Parallel()
	wait := &atomic.Int32{}
	wait.Store(2)
	store := full{open(t), wait}
	r, log, err := read(t, store, &kafka{id: "one", recs: outcomes("a", "b", "c")})
	if err != nil || !log.has("the index takes no records") || !log.has("takes records again") || len(r.pending) != 0 {
		t.Errorf("%v: %s", err, log.text.String())
	}
	known(t, store, "a", "b", "c")
}

// TestReady: it is not ready before it was read to its end; later it says what it is behind, and is ready.
func TestReady(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := &Reader{log: slog.New(slog.DiscardHandler), now: time.Now, parts: map[int]*progress{0: {next: 2, end: 5}, 1: {}}}
		check := func(want string) {
			t.Helper()
			text := ""
			if err := r.Ready(); err != nil {
				text = err.Error()
			}
			if (text == "") != (want == "") || !strings.Contains(text, want) {
				t.Errorf("ready: %q, want %q", text, want)
			}
		}
		check("not read to its end yet, 3 records")
		r.fail(errors.New("kafka is away"))
		check("kafka is away")
		r.fetched(t.Context(), 0, 5, 5)
		r.caughtUp()
		check("not read to its end yet") // the other partition
		r.fetched(t.Context(), 1, 7, 7)
		check("")
		<-time.After(stale + time.Second)
		check("behind: as of")
		r.fetched(t.Context(), 0, 5, 9)
		r.fetched(t.Context(), 1, 7, 7)
		check("4 records are left")
	})
}

// TestDecode: of a dead letter nothing is kept of the event but its id; a loss is one.
func TestDecode(t *testing.T) {
	t.Parallel()
	failed := event.DeadLetter{Stage: fault.Normalizer, Reason: fault.InvalidField, Detail: "custom_data.value", Topic: "events.website", Offset: 3, FailedAt: time.Now()}
	rec := failed.Record("deadletters", []byte("order-1"), &record.Record{Key: []byte("jane@example.com"), Value: []byte(`{"em":"jane@example.com"}`), Time: time.Now()})
	r, ok := decode(index.Letters, &rec)
	text, err := json.Marshal(r)
	if !ok || err != nil || r.Letter.EventID != "order-1" || r.Letter.Detail != "custom_data.value" || strings.Contains(string(text), "jane") {
		t.Errorf("%s, %v", text, err)
	}
	if _, ok := decode(index.Letters, &record.Record{}); ok {
		t.Error("what is no letter is one")
	}
	l := event.Loss{Stage: fault.Forwarder, NoticedAt: time.Now(), Lost: event.Lost{Group: "g", Topic: "t", To: 4, Count: 4, Cause: fault.Retention}}
	lost, err := l.Record("outcomes")
	if err != nil {
		t.Fatal(err)
	}
	if r, ok := decode(index.Outcomes, &lost); !ok || r.Loss == nil || r.Loss.Count != 4 {
		t.Errorf("%+v", r)
	}
}
