package books

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/pkg/topic"
)

var (
	ours = topic.Names{Prefix: "p."}
	noon = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
)

// shelf is a Kafka of one partition a topic, in memory.
type shelf struct {
	records   map[string][]stream.Record
	committed map[string]int64 // by topic
}

func newShelf() *shelf { return &shelf{map[string][]stream.Record{}, map[string]int64{}} }

func (s *shelf) Scan(_ context.Context, topic string, since time.Time, fn func(*stream.Record) error) error {
	for i := range s.records[topic] {
		if r := &s.records[topic][i]; !r.Time.Before(since) {
			if err := fn(r); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *shelf) Committed(_ context.Context, group, topic string) (map[int]int64, error) {
	if at, ok := s.committed[topic]; ok && group == ours.Group(map[bool]string{true: "normalizer", false: "forwarder"}[ours.Channel(topic) != ""], topic) {
		return map[int]int64{0: at}, nil
	}
	return map[int]int64{}, nil
}

func (s *shelf) put(r stream.Record) {
	r.Offset = int64(len(s.records[r.Topic]))
	s.records[r.Topic] = append(s.records[r.Topic], r)
}

// store stores an event, as consumed.
func (s *shelf) store(source string, trust event.Trust, id string, at time.Time) {
	r := event.Raw{ID: []byte(id), Channel: []byte("website"), Source: []byte(source), Key: []byte(id), Time: at, Format: []byte("capi"), Trust: trust, Item: []byte("{}")}
	s.put(event.RawRecord(ours.Events("website"), &r, event.AppendRaw(nil, &r)))
	s.committed[ours.Events("website")]++
}

// publish publishes its signal, as consumed.
func (s *shelf) publish(source string, trust event.Trust, id, value string) {
	sig := event.Signal{
		ID: []byte(id), Source: []byte("/channels/website/" + source), Time: noon, EventTime: noon.Unix(), EventName: []byte("Purchase"), Trust: trust,
		Value: []byte(value), Currency: []byte("EUR"),
	}
	s.put(sig.Record(ours.Signals("shop"), []byte(`{}`)))
	s.committed[ours.Signals("shop")]++
}

func (s *shelf) end(stage fault.Stage, source string, trust event.Trust, id string, fate fault.Fate, at time.Time, place int64) {
	o := event.Outcome{
		BatchID: strconv.Itoa(len(s.records[ours.Outcomes()])), Stage: stage, Dataset: "shop", StartedAt: at, EndedAt: at,
		Events: []event.EventFate{{ID: id, Name: "Purchase", Channel: "website", Source: source, Trust: trust, Fate: fate, Topic: ours.Signals("shop"), Offset: place, ArrivedAt: noon}},
	}
	for _, r := range o.Records(ours.Outcomes()) {
		s.put(r)
	}
}

func (s *shelf) reader() *Reader {
	topics := []string{ours.Events("website"), ours.Signals("shop"), ours.Outcomes(), ours.DeadLetters()}
	return &Reader{Kafka: s, Names: ours, Topics: topics, Dataset: func(string) string { return "shop" }}
}

func (s *shelf) total(t *testing.T) Row {
	t.Helper()
	b, err := s.reader().Read(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return b.Rows("")[0]
}

// TestEnds: what counts of an event's fates, in whichever order and however often they were written.
func TestEnds(t *testing.T) {
	type end struct {
		stage fault.Stage
		fate  fault.Fate
		after time.Duration
		place int64
	}
	const minute = time.Minute
	for name, c := range map[string]struct {
		ends []end
		want Row
	}{
		"nothing":              {nil, Row{Gap: 1}},
		"delivered":            {[]end{{fault.Forwarder, fault.Delivered, minute, 0}}, Row{Delivered: 1}},
		"a later duplicate":    {[]end{{fault.Forwarder, fault.Delivered, minute, 0}, {fault.Forwarder, fault.Dropped, 2 * minute, 1}}, Row{Delivered: 1}},
		"an earlier duplicate": {[]end{{fault.Forwarder, fault.Dropped, minute, 1}, {fault.Forwarder, fault.Delivered, minute, 0}}, Row{Delivered: 1}},
		"dead":                 {[]end{{fault.Normalizer, fault.Dead, minute, 0}}, Row{Dead: 1}},
		"dead, said twice":     {[]end{{fault.Forwarder, fault.Dead, minute, 0}, {fault.Forwarder, fault.Dead, minute, 0}}, Row{Dead: 1}},
		"replayed": {
			[]end{{fault.Forwarder, fault.Dead, minute, 0}, {fault.Forwarder, fault.Dead, minute, 0}, {fault.Forwarder, fault.Replayed, 2 * minute, 0}},
			Row{Gap: 1}, // nothing of it is pending
		},
		"replayed, delivered": {
			[]end{{fault.Forwarder, fault.Dead, minute, 0}, {fault.Forwarder, fault.Replayed, 2 * minute, 0}, {fault.Forwarder, fault.Delivered, 3 * minute, 1}},
			Row{Delivered: 1},
		},
		"replayed, dead again by a clock behind": {
			[]end{{fault.Forwarder, fault.Dead, minute, 0}, {fault.Forwarder, fault.Replayed, 3 * minute, 0}, {fault.Forwarder, fault.Dead, 2 * minute, 1}},
			Row{Dead: 1},
		},
		"replayed for another's consumer": {[]end{{fault.Forwarder, fault.Dead, minute, 0}, {"audience", fault.Replayed, 2 * minute, 0}}, Row{Dead: 1}},
	} {
		s := newShelf()
		s.store("api", event.Proven, "e", noon)
		for _, e := range c.ends {
			s.end(e.stage, "api", event.Proven, "e", e.fate, noon.Add(e.after), e.place)
		}
		c.want.Accepted = 1
		if diff := cmp.Diff(c.want, s.total(t)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// TestInFlight: an event is in flight where a group has yet to consume a record of it, at whichever stage.
func TestInFlight(t *testing.T) {
	s := newShelf()
	s.store("api", event.Proven, "a", noon)
	s.store("api", event.Proven, "b", noon)
	s.publish("api", event.Proven, "a", "12.5")
	for _, c := range []struct {
		raw, signals int64 // committed
		want         Row
	}{
		{2, 1, Row{Accepted: 2, Gap: 2}},
		{1, 1, Row{Accepted: 2, Gap: 1, InFlight: 1}},
		{2, 0, Row{Accepted: 2, Gap: 1, InFlight: 1}},
		{0, 0, Row{Accepted: 2, InFlight: 2}},
	} {
		s.committed[ours.Events("website")], s.committed[ours.Signals("shop")] = c.raw, c.signals
		got := s.total(t)
		got.Values = nil
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("committed %d and %d: %s", c.raw, c.signals, diff)
		}
	}
	clear(s.committed)
	if got := s.total(t); got.InFlight != 2 {
		t.Errorf("of groups that have committed nothing: %+v", got)
	}
}

// TestGaps: what is missing is named, whoever shares its id, and values add up.
func TestGaps(t *testing.T) {
	s := newShelf()
	for _, trust := range []event.Trust{event.Proven, event.Unproven} {
		s.store("api", trust, "order-1", noon)
		s.publish("api", trust, "order-1", "10.25")
	}
	s.store("api", event.Proven, "order-1", noon.Add(time.Minute)) // repeated
	s.store("till", event.Proven, "order-1", noon.Add(time.Hour))
	s.end(fault.Forwarder, "api", event.Proven, "order-1", fault.Delivered, noon, 0)
	r := s.reader()
	b, err := r.Read(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	gaps, err := r.Gaps(t.Context(), b)
	if err != nil {
		t.Fatal(err)
	}
	want := []Gap{
		{Dataset: "shop", Event: "Purchase", Hour: noon, Events: 1, Examples: []string{"order-1"}},
		{Dataset: "shop", Hour: noon.Add(time.Hour), Events: 1, Examples: []string{"order-1"}},
	}
	if diff := cmp.Diff(want, gaps); diff != "" {
		t.Error(diff)
	}
	rows := []Row{
		{
			Key: "api", Accepted: 2, Delivered: 1, Gap: 1, Repeats: 1,
			Values: map[string]Values{"EUR": {Accepted: "20.50", Delivered: "10.25", Dead: "0.00", Dropped: "0.00", InFlight: "0.00", Gap: "10.25"}},
		},
		{Key: "till", Accepted: 1, Gap: 1},
	}
	if diff := cmp.Diff(rows, b.Rows("source")); diff != "" {
		t.Error(diff)
	}
	for _, by := range Groupings {
		if n := len(b.Rows(by)); n == 0 {
			t.Errorf("by %s: nothing", by)
		}
	}
	r.Until = noon.Add(time.Minute)
	if b, err = r.Read(t.Context()); err != nil || b.Rows("")[0].Accepted != 2 {
		t.Errorf("until a minute later: %+v, %v", b.Rows("")[0], err)
	}
}

// mixed is a Kafka whose records are not in the order of their times, as from a spool or by several clocks: behind the first record of a
// time there are earlier ones.
type mixed struct{ *shelf }

func (b mixed) Scan(ctx context.Context, topic string, since time.Time, fn func(*stream.Record) error) error {
	return b.shelf.Scan(ctx, topic, since.Add(-time.Hour), fn)
}

// TestSince: what arrived before is not of these books, whatever Kafka hands out, and the clock of whom an event ended by may be behind.
func TestSince(t *testing.T) {
	s := newShelf()
	s.store("api", event.Proven, "before", noon.Add(-time.Second))
	s.store("api", event.Proven, "since", noon)
	s.end(fault.Normalizer, "api", event.Proven, "since", fault.Dropped, noon.Add(-2*time.Minute), 0)
	for _, kafka := range []Kafka{s, mixed{s}} {
		r := s.reader()
		r.Kafka, r.Since = kafka, noon
		b, err := r.Read(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(Row{Accepted: 1, Dropped: 1}, b.Rows("")[0]); diff != "" {
			t.Errorf("%T: %s", kafka, diff)
		}
	}
}

// TestLost: a loss counts once, however often it was written.
func TestLost(t *testing.T) {
	s := newShelf()
	l := event.Loss{
		Stage: fault.Normalizer, NoticedAt: noon,
		Lost: event.Lost{Group: "g", Topic: ours.Events("website"), Partition: 1, From: 3, To: 10, Count: 7, Cause: fault.MadeAnew},
	}
	for range 2 {
		rec, err := l.Record(ours.Outcomes())
		if err != nil {
			t.Fatal(err)
		}
		s.put(rec)
	}
	b, err := s.reader().Read(t.Context())
	if err != nil || b.Lost != 7 {
		t.Errorf("%d lost, %v", b.Lost, err)
	}
	r := s.reader()
	r.Since = noon.Add(time.Second)
	if b, err = r.Read(t.Context()); err != nil || b.Lost != 0 {
		t.Errorf("since a second later: %d lost, %v", b.Lost, err)
	}
}

func TestAmounts(t *testing.T) {
	for text, want := range map[string]string{
		"12.5": "12.50", "-12.5": "-12.50", "0": "0.00", "-0.000001": "-0.000001", "1.123456789": "1.123456", "99999999999999999999": "0.00", "x": "0.00", "": "0.00",
		"1.2x": "0.00", "7": "7.00",
	} {
		if got := textOf(amountOf([]byte(text))); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}

// TestSumsAgree: whatever happens to events, in whichever order, accepted is the sum of the rest, in every grouping.
func TestSumsAgree(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	s, stored := newShelf(), map[string]bool{}
	for range 3000 {
		source, trust, id := []string{"api", "till"}[rng.IntN(2)], []event.Trust{event.Proven, event.Unproven}[rng.IntN(2)], strconv.Itoa(rng.IntN(500))
		at := noon.Add(time.Duration(rng.IntN(300)) * time.Minute)
		switch rng.IntN(4) {
		case 0, 1:
			s.store(source, trust, id, at)
			stored[strings.Join([]string{source, string(trust), id}, " ")] = true
		case 2:
			s.publish(source, trust, id, "1.5")
		case 3:
			s.end(fault.Forwarder, source, trust, id, []fault.Fate{fault.Delivered, fault.Dead, fault.Dropped, fault.Replayed}[rng.IntN(4)], at, rng.Int64N(50))
		}
	}
	s.committed[ours.Events("website")] -= 200
	b, err := s.reader().Read(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, by := range append(Groupings, "") {
		var sum Row
		for _, r := range b.Rows(by) {
			if r.Accepted != r.Delivered+r.Dead+r.Dropped+r.InFlight+r.Gap {
				t.Errorf("by %s: %+v", by, r)
			}
			sum.Accepted += r.Accepted
			sum.Repeats += r.Repeats
		}
		if sum.Accepted != len(stored) || sum.Accepted+sum.Repeats != len(s.records[ours.Events("website")]) {
			t.Errorf("by %s: %d accepted, %d repeats of %d and %d records", by, sum.Accepted, sum.Repeats, len(stored), len(s.records[ours.Events("website")]))
		}
	}
}

// BenchmarkRead reads delivered events: a raw record, a signal and a hundredth of an outcome each. live-B/event is what the books
// keep of one.
func BenchmarkRead(b *testing.B) {
	s := newShelf()
	const events, batch = 100_000, 100
	for i := 0; i < events; i += batch {
		o := event.Outcome{BatchID: strconv.Itoa(i), Stage: fault.Forwarder, Dataset: "shop", StartedAt: noon, EndedAt: noon}
		for j := range batch {
			id := fmt.Sprintf("order-%08d", i+j)
			s.store("api", event.Proven, id, noon.Add(time.Duration(i)*time.Millisecond))
			s.publish("api", event.Proven, id, "12.5")
			o.Events = append(o.Events, event.EventFate{ID: id, Name: "Purchase", Channel: "website", Source: "api", Trust: event.Proven, Fate: fault.Delivered, Value: "12.5", Currency: "EUR"})
		}
		for _, r := range o.Records(ours.Outcomes()) {
			s.put(r)
		}
	}
	b.ResetTimer()
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	var books *Books
	for b.Loop() {
		var err error
		if books, err = s.reader().Read(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if row := books.Rows("")[0]; row.Delivered != events {
		b.Fatalf("%+v", row)
	}
	runtime.KeepAlive(s)
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/events, "ns/event")
	b.ReportMetric(float64(int64(after.HeapAlloc)-int64(before.HeapAlloc))/events, "live-B/event")
}
