package letters

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/pkg/topic"
)

var names = topic.Names{Prefix: "t."}

// memory holds topics of one partition each in memory, in Kafka's place.
type memory struct {
	topics map[string][]stream.Record
	broken string // a topic that takes nothing
}

func (m *memory) Publish(_ context.Context, recs ...stream.Record) error {
	for _, r := range recs {
		if r.Topic == m.broken {
			return errors.New("broken")
		}
		r.Offset = int64(len(m.topics[r.Topic]))
		m.topics[r.Topic] = append(m.topics[r.Topic], r)
	}
	return nil
}

func (m *memory) Scan(_ context.Context, name string, _ time.Time, fn func(*stream.Record) error) error {
	for i := range m.topics[name] {
		r := m.topics[name][i]
		if err := fn(&r); err != nil {
			return err
		}
	}
	return nil
}

var failed = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)

// filled returns topics whose dead letters are a refused signal (written twice by a crash), a raw event of no known
// source, and a strange record.
func filled(t *testing.T) (*memory, *Box) {
	t.Helper()
	m := &memory{topics: map[string][]stream.Record{}}
	signal := event.Signal{ID: []byte("order-1"), Source: []byte("/channels/website/shop"), Time: failed, EventTime: 1795600000, EventName: []byte("Purchase")}
	rec := signal.Record(names.Signals("shop"), []byte(`{"event_name":"Purchase","user_data":{"em":["CANARY"]},"custom_data":{"value":59.9,"currency":"EUR"}}`))
	rec.Offset = 7
	death := event.DeadLetter{Stage: fault.Forwarder, Reason: fault.Refused, Detail: "100/2804019", Topic: rec.Topic, Offset: 7, Attempts: 3, FBTraceID: "Abc", FailedAt: failed}
	first := death.Record(names.DeadLetters(), signal.ID, &rec)
	raw := event.Raw{
		ID: []byte("=cmd"), Channel: []byte("crm"), Source: []byte("old"), Key: []byte("person"), Time: failed, Format: []byte("capi"),
		Item: []byte(`{"event_name":"Lead","event_time":1795600001,"user_data":{"em":"CANARY"}}`),
	}
	rawRec := event.RawRecord(names.Events("crm"), &raw, event.AppendRaw(nil, &raw))
	death = event.DeadLetter{Stage: fault.Normalizer, Reason: fault.UnknownSource, Topic: rawRec.Topic, Offset: 3, FailedAt: failed.Add(time.Hour)}
	second := death.Record(names.DeadLetters(), raw.ID, &rawRec)
	strange := stream.Record{Topic: names.DeadLetters(), Key: []byte("?"), Value: []byte("?")}
	if err := m.Publish(t.Context(), first, strange, second, first); err != nil {
		t.Fatal(err)
	}
	return m, &Box{Names: names, Scan: m, DatasetOf: func(source string) string { return map[string]string{"old": "shop"}[source] }}
}

func list(t *testing.T, b *Box, f Filter) []*Letter {
	t.Helper()
	l, unreadable, err := b.List(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}
	if f == (Filter{}) && unreadable != 1 {
		t.Errorf("%d unreadable, want 1", unreadable)
	}
	return l
}

func TestListGolden(t *testing.T) {
	_, b := filled(t)
	var out bytes.Buffer
	for _, l := range list(t, b, Filter{}) {
		if err := json.NewEncoder(&out).Encode(l); err != nil {
			t.Fatal(err)
		}
	}
	want := `{"event_id":"order-1","event_name":"Purchase","event_time":"2026-11-25T09:46:40Z","channel":"website","source":"shop","trust":"proven","dataset":"shop","stage":"forwarder","reason":"refused","detail":"100/2804019","code":100,"subcode":2804019,"fbtrace_id":"Abc","attempts":3,"replays":0,"failed_at":"2026-11-25T12:00:00Z","topic":"t.signals.shop","partition":0,"offset":7}
{"event_id":"=cmd","event_name":"Lead","event_time":"2026-11-25T09:46:41Z","channel":"crm","source":"old","trust":"proven","dataset":"shop","stage":"normalizer","reason":"unknown_source","detail":"","code":0,"subcode":0,"fbtrace_id":"","attempts":0,"replays":0,"failed_at":"2026-11-25T13:00:00Z","topic":"t.events.crm","partition":0,"offset":3}
`
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Error(diff)
	}
}

func TestFilters(t *testing.T) {
	_, b := filled(t)
	for name, tt := range map[string]struct {
		f    Filter
		want string
	}{
		"stage":   {Filter{Stage: "normalizer"}, "=cmd"},
		"reason":  {Filter{Reason: "refused"}, "order-1"},
		"channel": {Filter{Channel: "crm"}, "=cmd"},
		"dataset": {Filter{Dataset: "shop"}, "order-1 =cmd"},
		"id":      {Filter{EventID: "=cmd"}, "=cmd"},
		"since":   {Filter{Since: failed.Add(time.Minute)}, "=cmd"},
		"until":   {Filter{Until: failed.Add(time.Minute)}, "order-1"},
		"none":    {Filter{Channel: "app"}, ""},
	} {
		var got []string
		for _, l := range list(t, b, tt.f) {
			got = append(got, l.EventID)
		}
		if strings.Join(got, " ") != tt.want {
			t.Errorf("%s: %v, want %s", name, got, tt.want)
		}
	}
}

func TestReplayTakesLettersOffTheList(t *testing.T) {
	m, b := filled(t)
	all := list(t, b, Filter{})
	n := 0
	if err := Replay(t.Context(), names, m, all, func(k int) { n += k }); err != nil || n != 2 {
		t.Fatal(n, err)
	}
	back := m.topics[names.Signals("shop")]
	if len(back) != 1 || string(back[0].Key) != "order-1" || event.Replays(&back[0]) != 1 || !back[0].Time.Equal(failed) {
		t.Errorf("the signal came back as %+v", back)
	}
	raws := m.topics[names.Events("crm")]
	if len(raws) != 1 || string(raws[0].Key) != "person" || !bytes.Equal(raws[0].Value, all[1].Value()) {
		t.Errorf("the raw event came back as %+v", raws)
	}
	if left := list(t, b, Filter{}); len(left) != 0 {
		t.Errorf("%d letters are left", len(left))
	}
	// It dies again: a new letter.
	death := event.DeadLetter{Stage: fault.Forwarder, Reason: fault.Refused, Topic: back[0].Topic, Offset: 8, FailedAt: failed}
	if err := m.Publish(t.Context(), death.Record(names.DeadLetters(), back[0].Key, &back[0])); err != nil {
		t.Fatal(err)
	}
	if left := list(t, b, Filter{}); len(left) != 1 || left[0].Replays != 1 {
		t.Errorf("left: %+v", left)
	}
}

// TestReplayIsTimedBefore: by the time the outcome `replayed` bears nothing is back on its topic, so that what becomes of a
// letter next, at once perhaps, comes after it.
func TestReplayIsTimedBefore(t *testing.T) {
	m, b := filled(t)
	slow := &slowly{memory: m}
	if err := Replay(t.Context(), names, slow, list(t, b, Filter{}), func(int) {}); err != nil {
		t.Fatal(err)
	}
	for _, r := range m.topics[names.Outcomes()] {
		o, err := event.DecodeOutcome(r.Value)
		if err != nil || o.EndedAt.After(slow.began) {
			t.Errorf("replayed at %v, on the topic from %v on, %v", o.EndedAt, slow.began, err)
		}
	}
}

// slowly notes when the first records came to be published.
type slowly struct {
	*memory
	began time.Time
}

func (s *slowly) Publish(ctx context.Context, recs ...stream.Record) error {
	if s.began.IsZero() {
		s.began = time.Now()
		for !time.Now().After(s.began.Add(2 * time.Millisecond)) { // an outcome's times are in milliseconds
		}
	}
	return s.memory.Publish(ctx, recs...)
}

// TestDoubts: what was delivered already, under the same name, or arrived over 48 hours ago may count twice at Meta; a
// letter of somebody's own consumer can't.
func TestDoubts(t *testing.T) {
	now := failed.Add(time.Hour)
	letter := func(id, name string, arrived time.Time, stage fault.Stage) stream.Record {
		s := event.Signal{ID: []byte(id), Source: []byte("/channels/website/shop"), Time: arrived, EventName: []byte(name)}
		rec := s.Record(names.Signals("shop"), []byte(`{}`))
		d := event.DeadLetter{Stage: stage, Reason: fault.Failed, Topic: rec.Topic, FailedAt: failed, Offset: int64(len(id))}
		return d.Record(names.DeadLetters(), s.ID, &rec)
	}
	for name, c := range map[string]struct {
		letter stream.Record
		want   Doubt
	}{
		"fresh":                   {letter("e", "Purchase", failed, fault.Forwarder), ""},
		"delivered":               {letter("sold", "Purchase", failed, fault.Forwarder), Delivered},
		"another name":            {letter("sold", "Lead", failed, fault.Forwarder), ""},
		"no known name":           {letter("sold", "", failed, fault.Normalizer), Delivered},
		"old":                     {letter("e", "Purchase", now.Add(-TwinWindow-time.Second), fault.Forwarder), Old},
		"not yet old":             {letter("e", "Purchase", now.Add(-TwinWindow), fault.Forwarder), ""},
		"delivered and old":       {letter("sold", "Purchase", now.Add(-TwinWindow-time.Second), fault.Forwarder), Delivered},
		"of an own consumer":      {letter("sold", "Purchase", now.Add(-TwinWindow-time.Second), "audience"), ""},
		"dead of the same id too": {letter("dead", "Purchase", failed, fault.Forwarder), ""},
		"a page guessed its id":   {letter("guessed", "Purchase", failed, fault.Forwarder), ""},
	} {
		m := &memory{topics: map[string][]stream.Record{}}
		o := &event.Outcome{BatchID: "b", Stage: fault.Forwarder, EndedAt: failed, Events: []event.EventFate{
			{ID: "sold", Name: "Purchase", Fate: fault.Delivered},
			{ID: "dead", Name: "Purchase", Fate: fault.Dead},
			{ID: "guessed", Name: "Purchase", Trust: event.Unproven, Fate: fault.Delivered},
		}}
		if err := m.Publish(t.Context(), append(o.Records(names.Outcomes()), c.letter)...); err != nil {
			t.Fatal(err)
		}
		b := &Box{Names: names, Scan: m, DatasetOf: func(string) string { return "" }}
		all, _, err := b.List(t.Context(), Filter{})
		if err != nil || len(all) != 1 {
			t.Fatal(all, err)
		}
		doubts, err := b.Doubts(t.Context(), all, now)
		if err != nil || doubts[all[0]] != c.want {
			t.Errorf("%s: %q, %v, want %q", name, doubts[all[0]], err, c.want)
		}
	}
}

func TestReplayThatFailsKeepsLetters(t *testing.T) {
	for _, broken := range []string{names.Signals("shop"), names.Outcomes()} {
		m, b := filled(t)
		m.broken = broken
		all := list(t, b, Filter{})
		if err := Replay(t.Context(), names, m, all, func(int) { t.Error("it says done") }); err == nil {
			t.Error("no error")
		}
		if left := list(t, b, Filter{}); len(left) != 2 {
			t.Errorf("%s broken: %d letters left", broken, len(left))
		}
	}
}

// ending is asked to end when the first letters are back, and takes nothing for a context that has ended.
type ending struct {
	*memory
	end context.CancelFunc
}

func (e *ending) Publish(ctx context.Context, recs ...stream.Record) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	defer e.end()
	return e.memory.Publish(ctx, recs...)
}

// TestReplayThatIsAskedToEnd: what is back on its topic is taken off the list first.
func TestReplayThatIsAskedToEnd(t *testing.T) {
	m, b := filled(t)
	ctx, end := context.WithCancel(t.Context())
	defer end()
	replayed := 0
	if err := Replay(ctx, names, &ending{m, end}, list(t, b, Filter{}), func(n int) { replayed += n }); err != nil || replayed != 2 {
		t.Errorf("%d replayed, %v", replayed, err)
	}
	if left := list(t, b, Filter{}); len(left) != 0 {
		t.Errorf("%d letters left", len(left))
	}
}

func TestExportMasksAndDefuses(t *testing.T) {
	_, b := filled(t)
	all := list(t, b, Filter{})
	for _, reveal := range []bool{false, true} {
		var asCSV, asJSON bytes.Buffer
		if err := errors.Join(ExportCSV(&asCSV, all, reveal), ExportJSON(&asJSON, all, reveal)); err != nil {
			t.Fatal(err)
		}
		for _, text := range []string{asCSV.String(), asJSON.String()} {
			if strings.Contains(text, "CANARY") != reveal {
				t.Errorf("reveal %v:\n%s", reveal, text)
			}
		}
		rows, err := csv.NewReader(&asCSV).ReadAll()
		if err != nil || len(rows) != 3 || len(rows[1]) != len(columns) {
			t.Fatalf("%v %v", rows, err)
		}
		if rows[2][0] != "'=cmd" {
			t.Errorf("a formula: %q", rows[2][0])
		}
	}
}

func TestHarmless(t *testing.T) {
	for in, want := range map[string]string{
		"": "", "a=1": "a=1", "=1": "'=1", "+1": "'+1", "-1": "'-1", "@x": "'@x", "\tx": "'\tx", "＝1": "'＝1",
		"a;=1": "a;'=1", "a,+1": "a,'+1", "a\t-1": "a\t'-1", "a\n@x": "a\n'@x", "a\r\n=1": "a\r\n'=1", "a|=1": "a|'=1", ` =1`: ` '=1`, `a; "=1"`: `a; "'=1"`, ";;=1;=2": ";;'=1;'=2",
		"\ufeff=1": "\ufeff'=1", "\x00=1": "'\x00=1", "==1": "'==1", "a=1;b-2": "a=1;b-2", "2026-11-24T12:00:00+01:00": "2026-11-24T12:00:00+01:00", `{"a":-1}`: `{"a":-1}`,
	} {
		if got := harmless(in); got != want {
			t.Errorf("%q: %q", in, got)
		}
	}
}

func TestMask(t *testing.T) {
	got := Mask([]byte(`{"event_name":"Lead","event_time":1,"user_data":{"em":["a@b.c"],"event_name":{"x":"y"}},"n":5,"t":true,"z":null}`))
	want := `{
  "event_name": "Lead",
  "event_time": 1,
  "n": "•••",
  "t": "•••",
  "user_data": {
    "em": [
      "•••"
    ],
    "event_name": {
      "x": "•••"
    }
  },
  "z": null
}`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if got := Mask([]byte("jane@example.com")); strings.Contains(got, "jane") {
		t.Error(got)
	}
}

func TestParseTime(t *testing.T) {
	now := time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
	for text, want := range map[string]time.Time{
		"":                     {},
		"24h":                  now.Add(-24 * time.Hour),
		"7d":                   now.Add(-7 * 24 * time.Hour),
		"2026-11-20":           time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC),
		"2026-11-20T10:00:00Z": time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC),
		"2026-11-20 10:30":     time.Date(2026, 11, 20, 10, 30, 0, 0, time.UTC),
	} {
		if got, err := ParseTime(text, now); err != nil || !got.Equal(want) {
			t.Errorf("%q: %s %v", text, got, err)
		}
	}
	for _, bad := range []string{"soon", "-1h", "7", "7dd", "2026-13-01"} {
		if _, err := ParseTime(bad, now); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}
