package tracer

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/leaktest"
	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/pkg/topic"
	"github.com/omnicapi/omnicapi/pkg/trace"
)

func TestMain(m *testing.M) { leaktest.Main(m) }

var names = topic.Names{Prefix: "t."}

var at = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)

// memory holds topics in memory, in Kafka's place.
type memory map[string][]stream.Record

func (m memory) Scan(_ context.Context, name string, _ time.Time, fn func(*stream.Record) error) error {
	if name == "t.events.app" {
		return errors.New("broken")
	}
	for i := range m[name] {
		r := m[name][i]
		r.Offset = int64(i)
		if err := fn(&r); err != nil {
			return err
		}
	}
	return nil
}

func (m memory) add(r stream.Record) { m[r.Topic] = append(m[r.Topic], r) }

func (m memory) stored(id string) {
	raw := event.Raw{ID: []byte(id), Channel: []byte("crm"), Source: []byte("leads"), Time: at, Format: []byte("capi"), Item: []byte(`{"note":"` + "other-1" + `"}`)}
	m.add(event.RawRecord(names.Events("crm"), &raw, event.AppendRaw(nil, &raw)))
}

func (m memory) published(id string) {
	s := event.Signal{ID: []byte(id), Source: []byte("/channels/crm/leads"), Time: at, EventTime: at.Unix(), EventName: []byte("Lead")}
	m.add(s.Record(names.Signals("shop"), []byte(`{}`)))
}

func (m memory) ended(stage fault.Stage, after time.Duration, id string, fate fault.Fate, reason fault.Reason) {
	o := event.Outcome{
		BatchID: "b-" + string(fate), Stage: stage, Dataset: "shop", FBTraceID: "T-" + string(fate), Attempts: 2, StartedAt: at, EndedAt: at.Add(after),
		Events: []event.EventFate{{ID: "another", Fate: fault.Dead}, {ID: id, Name: "Lead", Channel: "crm", Source: "leads", Fate: fate, Reason: reason, Topic: names.Signals("shop")}},
	}
	for _, r := range o.Records(names.Outcomes()) {
		m.add(r)
	}
}

var topics = []string{"t.events.crm", "t.signals.shop", "t.outcomes", "t.deadletters", "t.else"}

func find(t *testing.T, m memory, id string) *trace.Trace {
	t.Helper()
	got, _, err := Find(t.Context(), m, names, topics, time.Time{}, id)
	if err != nil || len(got) != 1 {
		t.Fatalf("found %d, %v", len(got), err)
	}
	return got[0]
}

func TestTraceGolden(t *testing.T) {
	m := memory{}
	const id = `a"ü<1>`
	m.stored(id)
	m.stored("other-1")
	m.published(id)
	m.ended(fault.Forwarder, time.Second, id, fault.Delivered, fault.None)
	got, err := json.MarshalIndent(find(t, m, id), "", " ")
	if err != nil {
		t.Fatal(err)
	}
	want := `{
 "event_id": "a\"ü\u003c1\u003e",
 "event_name": "Lead",
 "dataset": "shop",
 "channel": "crm",
 "source": "leads",
 "trust": "proven",
 "fate": "delivered",
 "reason": "",
 "fbtrace_id": "T-delivered",
 "stages": [
  {
   "stage": "ingest",
   "at": "2026-11-25T12:00:00Z",
   "topic": "t.events.crm",
   "partition": 0,
   "offset": 0,
   "attempts": 0,
   "batch_id": ""
  },
  {
   "stage": "normalizer",
   "at": "2026-11-25T12:00:00Z",
   "topic": "t.signals.shop",
   "partition": 0,
   "offset": 0,
   "attempts": 0,
   "batch_id": ""
  },
  {
   "stage": "forwarder",
   "at": "2026-11-25T12:00:01Z",
   "topic": "t.signals.shop",
   "partition": 0,
   "offset": 0,
   "attempts": 2,
   "batch_id": "b-delivered",
   "fate": "delivered"
  }
 ]
}`
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Error(diff)
	}
}

func TestFateOfManyOutcomes(t *testing.T) {
	type step struct {
		fate   fault.Fate
		reason fault.Reason
	}
	for name, tt := range map[string]struct {
		steps []step
		want  string
	}{
		"none":                    {nil, trace.InFlight},
		"dropped":                 {[]step{{fault.Dropped, fault.Consent}}, "dropped consent"},
		"dead":                    {[]step{{fault.Dead, fault.Refused}}, "dead refused"},
		"replayed":                {[]step{{fault.Dead, fault.Refused}, {fault.Replayed, fault.None}}, trace.InFlight},
		"replayed and delivered":  {[]step{{fault.Dead, fault.Refused}, {fault.Replayed, fault.None}, {fault.Delivered, fault.None}}, "delivered"},
		"delivered and duplicate": {[]step{{fault.Delivered, fault.None}, {fault.Dropped, fault.Duplicate}}, "delivered"},
	} {
		t.Run(name, func(t *testing.T) {
			m := memory{}
			m.stored("x")
			for i, s := range tt.steps {
				m.ended(fault.Forwarder, time.Duration(i)*time.Second, "x", s.fate, s.reason)
			}
			got := find(t, m, "x")
			text := got.Fate
			if got.Reason != "" {
				text += " " + got.Reason
			}
			if text != tt.want || len(got.Stages) != 1+len(tt.steps) {
				t.Errorf("%s with %d stages, want %s", text, len(got.Stages), tt.want)
			}
		})
	}
}

// TestReplayedAndDeadAgain (F59): a letter that dies again at once is dead, not in flight: its replay is timed before. That holds at
// the same millisecond, and where the clock of who replayed is ahead.
func TestReplayedAndDeadAgain(t *testing.T) {
	death := func(offset int64, after time.Duration) *event.Outcome {
		return &event.Outcome{BatchID: "b", Stage: fault.Forwarder, EndedAt: at.Add(after), Events: []event.EventFate{
			{ID: "x", Fate: fault.Dead, Reason: fault.Refused, Topic: names.Signals("shop"), Offset: offset},
		}}
	}
	replay := func(offset int64, after time.Duration, stage fault.Stage) *event.Outcome {
		return &event.Outcome{BatchID: "b", Stage: stage, EndedAt: at.Add(after), Events: []event.EventFate{
			{ID: "x", Fate: fault.Replayed, Topic: names.DeadLetters(), Offset: offset},
		}}
	}
	for name, c := range map[string]struct {
		outcomes []*event.Outcome
		want     string
	}{
		"after its replay":          {[]*event.Outcome{death(1, 0), replay(1, time.Second, fault.Forwarder), death(2, 2*time.Second)}, "dead"},
		"at the same time":          {[]*event.Outcome{death(1, 0), death(2, time.Second), replay(1, time.Second, fault.Forwarder)}, "dead"},
		"by a clock that is behind": {[]*event.Outcome{death(1, 0), replay(1, time.Minute, fault.Forwarder), death(2, 2*time.Second)}, "dead"},
		"and replayed again":        {[]*event.Outcome{death(1, 0), replay(1, time.Minute, fault.Forwarder), death(2, 2*time.Second), replay(2, time.Hour, fault.Forwarder)}, trace.InFlight},
		"one letter written twice":  {[]*event.Outcome{death(1, 0), death(1, time.Second), replay(1, time.Minute, fault.Forwarder)}, trace.InFlight},
		"for an own consumer":       {[]*event.Outcome{death(1, 0), replay(1, time.Minute, "audience")}, "dead"},
	} {
		m := memory{}
		m.stored("x")
		for _, o := range c.outcomes {
			m.add(o.Records(names.Outcomes())[0])
		}
		if got := find(t, m, "x"); got.Fate != c.want {
			t.Errorf("%s: %s, want %s", name, got.Fate, c.want)
		}
	}
}

func TestNotFoundAndBroken(t *testing.T) {
	m := memory{}
	m.stored("x")
	if found, _, err := Find(t.Context(), m, names, topics, time.Time{}, "other-1"); len(found) > 0 || err != nil {
		t.Errorf("an id inside of another's item: %v %v", found, err)
	}
	if _, _, err := Find(t.Context(), m, names, []string{"t.events.app"}, time.Time{}, "x"); err == nil {
		t.Error("a scan that fails is no error")
	}
}

// TestLossesAreCountedOnce: a loss is no event's fate, even if its text holds the event's id, and counts once however often it was
// written.
func TestLossesAreCountedOnce(t *testing.T) {
	m := memory{}
	const id = "shop" // which stands in the losses too
	m.stored(id)
	lost := func(partition int, at time.Time) {
		l := event.Loss{Stage: fault.Forwarder, Dataset: "shop", NoticedAt: at, Lost: event.Lost{
			Group: "t.forwarder.signals.shop", Topic: "t.signals.shop", Partition: partition, From: 5, To: 12, Count: 7, Cause: fault.Retention,
		}}
		rec, err := l.Record(names.Outcomes())
		if err != nil {
			t.Fatal(err)
		}
		m.add(rec)
	}
	lost(0, at)
	lost(0, at.Add(time.Minute))
	lost(1, at)
	if got := find(t, m, id); got.Fate != trace.InFlight || len(got.Stages) != 1 {
		t.Errorf("%+v", got)
	}
	for _, of := range []string{id, "none"} {
		found, n, err := Find(t.Context(), m, names, topics, time.Time{}, of)
		if err != nil || n != 14 || (len(found) > 0) != (of == id) {
			t.Errorf("%s: %d events, %d lost, %v", of, len(found), n, err)
		}
	}
}
