package fate

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/leaktest"
	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/services/forwarder/internal/batch"
)

func TestMain(m *testing.M) { leaktest.Main(m) }

// kafka is a fake Publisher that keeps what it takes; while err is set it takes nothing.
type kafka struct {
	mu       sync.Mutex
	err      error
	outcomes []*event.Outcome
	letters  []event.DeadLetter
}

func (k *kafka) fail(err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.err = err
}

func (k *kafka) Publish(_ context.Context, recs ...stream.Record) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.err != nil {
		return k.err
	}
	for i := range recs {
		if recs[i].Topic == "deadletters" {
			var d event.DeadLetter
			if err := d.Decode(&recs[i]); err != nil {
				return err
			}
			k.letters = append(k.letters, d)
			continue
		}
		o, err := event.DecodeOutcome(recs[i].Value)
		if err != nil {
			return err
		}
		k.outcomes = append(k.outcomes, o)
	}
	return nil
}

func newWriter(log *bytes.Buffer) (*Writer, *kafka, *prometheus.Registry) {
	k, reg := &kafka{}, prometheus.NewRegistry()
	cfg := Config{Dataset: "shop", Outcomes: "outcomes", DeadLetters: "deadletters"}
	return NewWriter(cfg, k, NewMetrics(reg, []string{"shop"}), slog.New(slog.NewTextHandler(log, nil))), k, reg
}

// reportOf makes a report of events that ended so, in one chunk.
func reportOf(endings ...event.Ending) (*Report, *marks) {
	c := &marks{of: map[int]int{}}
	r := &Report{Each: endings, Attempts: 2, FBTraceID: "T1", Started: time.Now().Add(-time.Second), Ended: time.Now()}
	var facts event.FactWriter
	for i := range endings {
		s := event.Signal{
			ID: []byte{'e', byte('0' + i)}, Source: []byte("/channels/website/web"), Time: r.Started, EventTime: r.Started.Unix(),
			EventName: []byte("Purchase"), ActionSource: []byte("website"),
		}
		rec := s.Record("signals.shop", []byte(`{}`))
		rec.Partition, rec.Offset = 3, int64(100+i)
		r.Events = append(r.Events, batch.Event{
			Record: &rec, Facts: facts.Append(nil, &s, &rec), Channel: "website", Arrived: batch.At(r.Started), Chunk: c, Index: i,
		})
	}
	return r, c
}

func dead(reason fault.Reason, detail string) event.Ending {
	return event.Ending{Fate: fault.Dead, Reason: reason, Detail: detail}
}

// TestWrite: each event's ending is in the outcome, each dead one has a dead letter, and all are settled and counted.
func TestWrite(t *testing.T) {
	w, k, reg := newWriter(&bytes.Buffer{})
	r, c := reportOf(event.Ending{Fate: fault.Dropped, Reason: fault.Duplicate}, dead(fault.Refused, "100/7"), event.Ending{Fate: fault.Delivered})
	r.Events[2].Unproven = true
	if !w.Write(t.Context(), r) {
		t.Fatal("not written")
	}
	if len(k.outcomes) != 1 || len(k.outcomes[0].Events) != 3 || len(k.letters) != 1 {
		t.Fatalf("%d outcomes, %d dead letters", len(k.outcomes), len(k.letters))
	}
	o := k.outcomes[0]
	if o.Stage != fault.Forwarder || o.Dataset != "shop" || o.FBTraceID != "T1" || o.Attempts != 2 || o.EndedAt.Sub(o.StartedAt) != time.Second {
		t.Errorf("outcome %+v", o)
	}
	for i, f := range o.Events {
		if f.Fate != r.Each[i].Fate || f.Reason != r.Each[i].Reason || f.Detail != r.Each[i].Detail || f.ID != string(r.Events[i].Record.Key) {
			t.Errorf("fate %+v, want %+v", f, r.Each[i])
		}
	}
	if d := k.letters[0]; d.Stage != fault.Forwarder || d.Reason != fault.Refused || d.Detail != "100/7" || d.Topic != "signals.shop" ||
		d.Partition != 3 || d.Offset != 101 || d.Attempts != 2 || d.FBTraceID != "T1" {
		t.Errorf("dead letter %+v", d)
	}
	if len(c.of) != 3 {
		t.Errorf("settled %v", c.of)
	}
	r, _ = reportOf(event.Ending{}, event.Ending{}, event.Ending{})
	for i := range r.Events {
		r.Events[i].Unproven = i != 1
	}
	r.Each, r.Common = nil, event.Ending{Fate: fault.Delivered}
	w.Write(t.Context(), r)
	families, err := reg.Gather()
	if err != nil {
		t.Fatal(err)
	}
	counted := map[string]float64{}
	for _, f := range families {
		for _, m := range f.GetMetric() {
			parts := []string{f.GetName()}
			for _, l := range m.GetLabel() {
				parts = append(parts, l.GetValue())
			}
			labels := strings.Join(parts, " ")
			if n := m.GetCounter().GetValue() + float64(m.GetHistogram().GetSampleCount()); n > 0 {
				counted[labels] = n
			}
		}
	}
	want := map[string]float64{
		"omnicapi_forwarder_events_total shop  delivered proven":        1,
		"omnicapi_forwarder_events_total shop  delivered unproven":      3,
		"omnicapi_forwarder_events_total shop duplicate dropped proven": 1,
		"omnicapi_forwarder_events_total shop refused dead proven":      1,
		"omnicapi_deadletters_total refused forwarder":                  1,
		"omnicapi_end_to_end_seconds website":                           3,
	}
	for name, n := range want {
		if counted[name] != n {
			t.Errorf("%s is %v, want %v", name, counted[name], n)
		}
	}
	if len(counted) != len(want) {
		t.Errorf("counted %v", counted)
	}
}

// TestWriteAgain: a write that fails is tried until Kafka takes it; meanwhile nothing is settled, the writer is not ready, and
// the log says so once.
func TestWriteAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		w, k, _ := newWriter(&log)
		k.fail(errors.New("kafka is away"))
		r, c := reportOf(event.Ending{Fate: fault.Delivered})
		written := make(chan bool)
		go func() { written <- w.Write(context.Background(), r) }()
		<-time.After(time.Hour)
		synctest.Wait()
		if !w.Failing() || w.Ready() == nil || len(c.of) != 0 {
			t.Errorf("failing %v, ready %v, settled %v", w.Failing(), w.Ready(), c.of)
		}
		k.fail(nil)
		<-time.After(writePauses.Max)
		if !<-written || w.Failing() || w.Ready() != nil || len(c.of) != 1 {
			t.Errorf("failing %v, ready %v, settled %v", w.Failing(), w.Ready(), c.of)
		}
		if text := log.String(); strings.Count(text, "\n") != 2 || !strings.Contains(text, "level=ERROR") || !strings.Contains(text, "fates are written again") {
			t.Errorf("logged %s", text)
		}
	})
}

// TestFullIsWaitedFor: a producer whose buffer is full is only a reason to wait.
func TestFullIsWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, k, _ := newWriter(&bytes.Buffer{})
		k.fail(stream.ErrFull)
		r, _ := reportOf(event.Ending{Fate: fault.Delivered})
		written := make(chan bool)
		go func() { written <- w.Write(context.Background(), r) }()
		<-time.After(time.Second)
		synctest.Wait()
		if w.Failing() {
			t.Error("failing")
		}
		k.fail(nil)
		if !<-written {
			t.Error("not written")
		}
	})
}

// TestWriteEndsWithItsContext: what is not on Kafka by then is not settled, and nothing fails any more.
func TestWriteEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, k, _ := newWriter(&bytes.Buffer{})
		k.fail(errors.New("kafka is away"))
		ctx, cancel := context.WithTimeout(context.Background(), 8*time.Second)
		defer cancel()
		r, c := reportOf(event.Ending{Fate: fault.Delivered})
		began := time.Now()
		if w.Write(ctx, r) || len(c.of) != 0 || w.Failing() {
			t.Errorf("settled %v, failing %v", c.of, w.Failing())
		}
		if took := time.Since(began); took != 8*time.Second {
			t.Errorf("it took %v", took)
		}
	})
}

// TestBuffersAreUsedAgain: writes one after the other need one buffer, and its records let go of the dead letters.
func TestBuffersAreUsedAgain(t *testing.T) {
	w, k, _ := newWriter(&bytes.Buffer{})
	for range 3 {
		r, _ := reportOf(dead(fault.Refused, ""), dead(fault.Expired, ""))
		w.Write(t.Context(), r)
	}
	if len(w.buffers.free) != 1 || len(k.letters) != 6 {
		t.Fatalf("%d buffers, %d dead letters", len(w.buffers.free), len(k.letters))
	}
	for _, rec := range w.buffers.free[0].records {
		if rec.Value != nil || rec.Headers != nil {
			t.Errorf("a record is kept: %v", rec.Topic)
		}
	}
}

// narrow is a Kafka whose topic of dead letters takes no value.
type narrow struct{ *kafka }

func (n narrow) Publish(ctx context.Context, recs ...stream.Record) error {
	var large []int
	for i := range recs {
		if recs[i].Topic == "deadletters" && recs[i].Value != nil {
			large = append(large, i)
			continue
		}
		if err := n.kafka.Publish(ctx, recs[i]); err != nil {
			return err
		}
	}
	if large == nil {
		return nil
	}
	return &stream.TooLargeError{Topic: "deadletters", Index: large[0], Indexes: large}
}

// TestOversize (F53): an event that its dead letter does not hold ends all the same, and so do its neighbours.
func TestOversize(t *testing.T) {
	w, k, _ := newWriter(&bytes.Buffer{})
	w = NewWriter(w.cfg, narrow{k}, w.metrics, w.log)
	r, c := reportOf(dead(fault.Undecodable, "value"), event.Ending{Fate: fault.Delivered}, dead(fault.Expired, ""))
	if !w.Write(t.Context(), r) || len(c.of) != 3 || w.Ready() != nil {
		t.Fatalf("settled %v, ready %v", c.of, w.Ready())
	}
	if len(k.outcomes) != 1 || len(k.outcomes[0].Events) != 3 || len(k.letters) != 2 {
		t.Fatalf("%d outcomes, %d letters", len(k.outcomes), len(k.letters))
	}
	for i, cause := range []fault.Reason{fault.Undecodable, fault.Expired} {
		if d := k.letters[i]; d.Reason != fault.Oversize || d.Detail != string(cause) || !d.Shortened || d.Offset != int64(100+2*i) {
			t.Errorf("letter %+v", d)
		}
	}
}
