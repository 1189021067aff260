package handle_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/trace/noop"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/services/normalizer/internal/handle"
)

const lead = `{"event_name":"Lead","event_time":1795426200,"user_data":{"em":"a@b.co"}}`

var errDown = errors.New("brokers are down")

// publisher is a producer that refuses the first calls, all of them if refuse is negative.
type publisher struct {
	mu     sync.Mutex
	refuse int
	calls  [][]stream.Record
}

func (p *publisher) Publish(_ context.Context, recs ...stream.Record) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	kept := make([]stream.Record, len(recs))
	for i, r := range recs {
		r.Value = bytes.Clone(r.Value)
		kept[i] = r
	}
	p.calls = append(p.calls, kept)
	if p.refuse != 0 {
		p.refuse--
		return errDown
	}
	return nil
}

// panicky is a clock that panics when it is asked for the nth time.
func panicky(n int) func() time.Time {
	return func() time.Time {
		if n--; n == 0 {
			panic("a value nobody may read")
		}
		return at(payloadNow)()
	}
}

func newWorker(t *testing.T, p stream.Publisher, reg prometheus.Registerer) *handle.Worker {
	t.Helper()
	return newWorkerAt(t, p, reg, at(payloadNow))
}

func newWorkerAt(t *testing.T, p stream.Publisher, reg prometheus.Registerer, now func() time.Time) *handle.Worker {
	t.Helper()
	sources, err := handle.NewSources(testConfig(), names)
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	h := handle.New(sources, now, log)
	return handle.NewWorker(h, p, names, handle.NewMetrics(reg, sources), noop.NewTracerProvider().Tracer(""), at(payloadNow), log)
}

// chunkOf is a fetch of the records, at offsets from 7 on.
func chunkOf(recs ...*stream.Record) stream.Chunk {
	c := stream.Chunk{Topic: names.Events("website"), Partition: 1}
	for i, r := range recs {
		rec := *r
		rec.Offset = int64(7 + i)
		c.Records = append(c.Records, rec)
	}
	return c
}

// work gives the chunks to a worker and waits for it.
func work(w *handle.Worker, drain context.Context, chunks ...stream.Chunk) {
	in := make(chan stream.Chunk, len(chunks))
	for _, c := range chunks {
		in <- c
	}
	close(in)
	w.Work(drain, drain, in)
}

// TestChunkInOnePublish: signals, dead letters and the outcome of all that ended go out together.
func TestChunkInOnePublish(t *testing.T) {
	unreadable := &stream.Record{
		Topic: names.Events("website"), Partition: 1, Value: []byte(`{"specversion":`),
		Headers: []stream.Header{{Key: "x", Value: []byte("1")}}, Time: time.Unix(payloadNow, 0).UTC(),
	}
	named := func(source, id, item string) *stream.Record {
		return raw(source, "capi", item, func(r *event.Raw) { r.ID = []byte(id) })
	}
	in := chunkOf(
		named("capi", "ok-1", lead),
		named("capi", "denied", `{"event_name":"Lead","consent":false,"event_time":1795426200,"user_data":{"em":"a@b.co"},"custom_data":{"value":5,"currency":"EUR"}}`),
		unreadable,
		named("nobody", "stranger", lead),
		named("orphan", "homeless", lead),
		named("capi", "boom", `{"event_name":"Boom","event_time":1795426200,"user_data":{"em":"a@b.co"}}`),
		named("capi", "ok-2", lead),
	)
	p, reg := &publisher{}, prometheus.NewPedanticRegistry()
	// "ok-1" asks the clock twice, "boom" is the next that comes so far.
	work(newWorkerAt(t, p, reg, panicky(3)), t.Context(), in)
	if len(p.calls) != 1 {
		t.Fatalf("%d publishes", len(p.calls))
	}
	unnamed := in.Topic + "-1-9"
	recs := p.calls[0]
	type letter struct{ topic, key, reason, detail string }
	want := []letter{
		{names.Signals("shop"), "ok-1", "", ""},
		{names.DeadLetters(), unnamed, "undecodable", "envelope"},
		{names.DeadLetters(), "stranger", "unknown_source", "source"},
		{names.DeadLetters(), "homeless", "unknown_dataset", "dataset"},
		{names.DeadLetters(), "boom", "panic", "normalize"},
		{names.Signals("shop"), "ok-2", "", ""},
		{names.Outcomes(), in.Topic + "-1-7", "", ""},
	}
	var got []letter
	for i := range recs {
		r := &recs[i]
		got = append(got, letter{r.Topic, string(r.Key), string(r.Header("dlq_reason")), string(r.Header("dlq_detail"))})
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(letter{})); diff != "" {
		t.Fatal(diff)
	}
	for i, from := range map[int]int{1: 2, 2: 3, 3: 4, 4: 5} {
		checkLetter(t, &recs[i], &in.Records[from])
	}
	checkOutcome(t, recs[6].Value, unnamed)
	if n := metric(t, reg, "omnicapi_deadletters_total", "reason", "panic"); n != 1 {
		t.Errorf("dead letters by panic: %v", n)
	}
}

// checkLetter: a dead letter is the record as it was, and where it lay.
func checkLetter(t *testing.T, got, rec *stream.Record) {
	t.Helper()
	var d event.DeadLetter
	if err := d.Decode(got); err != nil {
		t.Fatal(err)
	}
	want := event.DeadLetter{
		Stage: fault.Normalizer, Reason: d.Reason, Detail: d.Detail, Topic: rec.Topic, Partition: 1, Offset: rec.Offset,
		Attempts: 1, FailedAt: time.Unix(payloadNow, 0).UTC(),
	}
	if diff := cmp.Diff(want, d); diff != "" {
		t.Error(diff)
	}
	if !bytes.Equal(got.Value, rec.Value) {
		t.Errorf("value %s, want %s", got.Value, rec.Value)
	}
	if diff := cmp.Diff(rec.Headers, got.Headers[:len(rec.Headers)]); diff != "" {
		t.Error(diff)
	}
}

// checkOutcome: it has every event that ended and none that went on.
func checkOutcome(t *testing.T, value []byte, unnamed string) {
	t.Helper()
	o, err := event.DecodeOutcome(value)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Unix(payloadNow, 0).UTC()
	ended := func(id, name, source string, fate fault.Fate, reason fault.Reason, detail string, offset int64) event.EventFate {
		f := event.EventFate{
			ID: id, Name: name, Source: source, Channel: "website", Trust: event.Proven, Fate: fate, Reason: reason,
			Detail: detail, Topic: names.Events("website"), Partition: 1, Offset: offset, ArrivedAt: now,
		}
		if source == "" {
			f.Channel = ""
		}
		return f
	}
	denied := ended("denied", "Lead", "capi", fault.Dropped, fault.Consent, "denied", 8)
	denied.Value, denied.Currency = "5", "EUR"
	want := &event.Outcome{
		BatchID: names.Events("website") + "-1-7", Stage: fault.Normalizer, StartedAt: now, EndedAt: now,
		Events: []event.EventFate{
			denied,
			ended(unnamed, "", "", fault.Dead, fault.Undecodable, "envelope", 9),
			ended("stranger", "", "nobody", fault.Dead, fault.UnknownSource, "source", 10),
			ended("homeless", "", "orphan", fault.Dead, fault.UnknownDataset, "dataset", 11),
			ended("boom", "", "capi", fault.Dead, fault.Panic, "normalize", 12),
		},
	}
	if diff := cmp.Diff(want, o); diff != "" {
		t.Error(diff)
	}
}

// TestPublishAgain: an outage is waited out, and only then the chunk is counted.
func TestPublishAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, reg := &publisher{refuse: 3}, prometheus.NewPedanticRegistry()
		start := time.Now()
		work(newWorker(t, p, reg), t.Context(), chunkOf(raw("capi", "capi", lead)))
		if len(p.calls) != 4 || time.Since(start) != 700*time.Millisecond {
			t.Errorf("%d calls in %v", len(p.calls), time.Since(start))
		}
		for _, call := range p.calls {
			if diff := cmp.Diff(p.calls[0], call); diff != "" {
				t.Error(diff)
			}
		}
		if n := metric(t, reg, "omnicapi_normalizer_events_total", "result", "published"); n != 1 {
			t.Errorf("counted %v", n)
		}
	})
}

// TestGiveUp: when the drain ends, what is not on Kafka is given up and counts as nothing; what waits is not begun.
func TestGiveUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, reg := &publisher{refuse: -1}, prometheus.NewPedanticRegistry()
		drain, cancel := context.WithTimeout(t.Context(), 8*time.Second)
		defer cancel()
		start := time.Now()
		work(newWorker(t, p, reg), drain, chunkOf(raw("capi", "capi", lead)))
		if d := time.Since(start); d != 8*time.Second {
			t.Errorf("gave up after %v", d)
		}
		calls := len(p.calls)
		work(newWorker(t, p, prometheus.NewPedanticRegistry()), drain, chunkOf(raw("capi", "capi", lead)))
		if calls < 3 || len(p.calls) != calls {
			t.Errorf("%d calls, then %d", calls, len(p.calls))
		}
		if n := metric(t, reg, "omnicapi_normalizer_events_total", "result", "published"); n != 0 {
			t.Errorf("counted %v", n)
		}
	})
}

// TestHistory: records before the committed offset were handled by an earlier owner.
func TestHistory(t *testing.T) {
	p := &publisher{}
	c := chunkOf(raw("capi", "capi", lead))
	c.History = true
	work(newWorker(t, p, prometheus.NewPedanticRegistry()), t.Context(), c, stream.Chunk{Topic: c.Topic})
	if len(p.calls) != 0 {
		t.Errorf("published %v", p.calls)
	}
}

// metric sums the series of a counter whose label has the value.
func metric(t *testing.T, reg prometheus.Gatherer, name, label, value string) (sum float64) {
	t.Helper()
	families, err := reg.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		for _, m := range f.GetMetric() {
			for _, l := range m.GetLabel() {
				if f.GetName() == name && l.GetName() == label && l.GetValue() == value {
					sum += m.GetCounter().GetValue()
				}
			}
		}
	}
	return sum
}

// TestReplayForAnother: a raw event that was replayed for a consumer of somebody's own makes no second signal.
func TestReplayForAnother(t *testing.T) {
	replay := func(stage fault.Stage) *stream.Record {
		letter := &event.DeadLetter{Stage: stage, Reason: fault.Failed, Topic: names.Events("website")}
		rec := letter.Record(names.DeadLetters(), []byte("e"), raw("capi", "capi", lead, func(r *event.Raw) { r.ID = []byte(stage) }))
		back := letter.Replay(&rec)
		return &back
	}
	p := &publisher{}
	work(newWorker(t, p, prometheus.NewPedanticRegistry()), t.Context(), chunkOf(replay("audience"), replay(fault.Normalizer), replay("report")))
	if len(p.calls) != 1 || len(p.calls[0]) != 1 || string(p.calls[0][0].Key) != "normalizer" {
		t.Errorf("published %+v", p.calls)
	}
}
