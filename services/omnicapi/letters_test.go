package main

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/kafkatest"
	"github.com/omnicapi/omnicapi/pkg/stream"
)

var failedAt = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

// publish puts records on the pipeline's Kafka.
func (p *pipeline) publish(t *testing.T, recs ...stream.Record) {
	t.Helper()
	client := kafkatest.Client(t)
	producer := client.NewProducer(stream.ProducerConfig{})
	if err := errors.Join(producer.Publish(t.Context(), recs...), producer.Close(t.Context())); err != nil {
		t.Fatal(err)
	}
}

// signal returns a signal of the dataset shop.
func (p *pipeline) signal(id, person string) stream.Record {
	s := event.Signal{ID: []byte(id), Source: []byte("/channels/website/website"), Time: failedAt, EventTime: failedAt.Unix(), EventName: []byte("Purchase")}
	return s.Record(p.names.Signals("shop"), []byte(`{"event_name":"Purchase","user_data":{"em":["`+person+`"]}}`))
}

// raw returns a raw event as ingest stores it.
func (p *pipeline) raw(id, channel, source, person string) stream.Record {
	r := event.Raw{
		ID: []byte(id), Channel: []byte(channel), Source: []byte(source), Key: []byte("key of " + person), Time: failedAt, Format: []byte("capi"),
		Item: []byte(`{"event_name":"Lead","event_time":1795600000,"user_data":{"em":"` + person + `"}}`),
	}
	return event.RawRecord(p.names.Events(channel), &r, event.AppendRaw(nil, &r))
}

// dead returns a pipeline with two dead letters: a refused purchase of the website, a day later a lead of the CRM whose
// source is not known.
func dead(t *testing.T) *pipeline {
	t.Helper()
	p := newPipeline(t)
	kafkatest.Create(t, kafkatest.Client(t), p.names, 2, "shop")
	p.bury(t)
	return p
}

// bury publishes the two dead letters.
func (p *pipeline) bury(t *testing.T) {
	t.Helper()
	first := p.signal("order-1", "CANARY")
	refused := event.DeadLetter{Stage: fault.Forwarder, Reason: fault.Refused, Detail: "100/2804019", Topic: first.Topic, Offset: 7, Attempts: 3, FBTraceID: "Abc", FailedAt: failedAt}
	second := p.raw("=lead", "crm", "old", "CANARY")
	orphan := event.DeadLetter{Stage: fault.Normalizer, Reason: fault.UnknownSource, Detail: "source", Topic: second.Topic, Offset: 3, Attempts: 1, FailedAt: failedAt.Add(24 * time.Hour)}
	p.publish(t, refused.Record(p.names.DeadLetters(), []byte("order-1"), &first), orphan.Record(p.names.DeadLetters(), []byte("=lead"), &second))
}

func (p *pipeline) letters(t *testing.T, verb string, args ...string) output {
	t.Helper()
	return command(t, append([]string{"deadletters", verb, "-c", p.file}, args...)...)
}

// ids returns the event ids of a command's JSON output.
func ids(t *testing.T, o output) string {
	t.Helper()
	var out []string
	for _, line := range strings.Split(strings.TrimSpace(o.out), "\n") {
		if line == "" {
			continue
		}
		var l struct {
			ID string `json:"event_id"`
		}
		if err := json.Unmarshal([]byte(line), &l); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		out = append(out, l.ID)
	}
	return strings.Join(out, " ")
}

// TestLettersList: the list obeys filters and limits, and each line of its JSON has the members that programs rely on.
func TestLettersList(t *testing.T) {
	p := dead(t)
	for _, c := range []struct{ name, flags, want string }{
		{"all, oldest first", "", "order-1 =lead"},
		{"reason", "--reason refused", "order-1"},
		{"another reason", "--reason expired", ""},
		{"stage", "--stage normalizer", "=lead"},
		{"another stage", "--stage audience", ""},
		{"channel", "--channel crm", "=lead"},
		{"dataset", "--dataset shop", "order-1"},
		{"since", "--since 2026-11-25", "=lead"},
		{"until", "--until 2026-11-25T00:00:00Z", "order-1"},
		{"since and until", "--since 2026-11-24 --until 2026-11-24T13:00:00Z", "order-1"},
		{"event id", "--event-id =lead", "=lead"},
		{"two filters", "--channel crm --reason refused", ""},
		{"the latest", "--limit 1", "=lead"},
		{"a large limit", "--limit 9", "order-1 =lead"},
	} {
		o := p.letters(t, "list", append(strings.Fields(c.flags), "--output", "json")...).mustExit(t, 0)
		if got := ids(t, o); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	o := p.letters(t, "list").mustExit(t, 0).mustSay(t, "order-1", "refused", "100/2804019", "unknown_source", "2 of 2", "omnicapi trace EVENT_ID -c "+p.file)
	j := p.letters(t, "list", "--output", "json")
	if strings.Contains(o.out+j.out, "CANARY") {
		t.Error("a list shows a person")
	}
	var l map[string]any
	if err := json.Unmarshal([]byte(strings.Split(j.out, "\n")[1]), &l); err != nil {
		t.Fatal(err)
	}
	want := strings.Fields("attempts channel code dataset detail event_id event_name event_time failed_at fbtrace_id offset partition reason replays source stage subcode topic trust")
	if diff := cmp.Diff(want, slices.Sorted(maps.Keys(l))); diff != "" {
		t.Error(diff)
	}
	p.letters(t, "list", "--reason", "expired").mustExit(t, 0).mustSay(t, "no dead letters")
	p.letters(t, "list", "--dataset", "shp").mustExit(t, 2).mustSay(t, `no dataset "shp"`, "type one of shop")
	p.letters(t, "list", "--limit", "-1").mustExit(t, 2).mustSay(t, "--limit")
}

// TestLettersShow: a letter's value and key are masked unless --reveal is given.
func TestLettersShow(t *testing.T) {
	p := dead(t)
	for _, args := range [][]string{{"=lead"}, {"=lead", "--output", "json"}} {
		o := p.letters(t, "show", args...).mustExit(t, 0).mustSay(t, "Lead", "•••", "unknown_source")
		if strings.Contains(o.out+o.errs, "CANARY") {
			t.Errorf("%v shows a person:\n%s", args, o.out)
		}
		p.letters(t, "show", append(args, "--reveal")...).mustExit(t, 0).mustSay(t, "CANARY")
	}
	p.letters(t, "show", "=lead", "--reveal").mustSay(t, "dlq_key: key of CANARY")
	p.letters(t, "show", "nobody").mustExit(t, 1).mustSay(t, "no dead letter of event nobody", "deadletters list")
}

// TestLettersReplay: a dry run shows the letters and changes nothing; a replayed letter is on its topic again and off the
// list; if its event dies again, that is a new letter.
func TestLettersReplay(t *testing.T) {
	p := dead(t)
	client := kafkatest.Client(t)
	count := func(topic string) (n int) {
		if err := client.Scan(t.Context(), topic, time.Time{}, func(*stream.Record) error { n++; return nil }); err != nil {
			t.Fatal(err)
		}
		return n
	}
	p.letters(t, "replay", "--reason", "refused", "--dry-run").mustExit(t, 0).mustSay(t, "0 would be replayed", "48 hours", "order-1", "--again")
	p.letters(t, "replay", "--reason", "refused").mustExit(t, 1).mustSay(t, "1 left out, arrived over 48 hours ago", "order-1", "add --again")
	p.letters(t, "replay", "--reason", "refused", "--again", "--dry-run").mustExit(t, 0).mustSay(t, "order-1", "1 would be replayed")
	if n := count(p.names.Signals("shop")) + count(p.names.Outcomes()); n != 0 {
		t.Fatalf("a dry run wrote %d records", n)
	}
	p.letters(t, "replay", "--reason", "expired").mustExit(t, 0).mustSay(t, "no dead letters")
	p.letters(t, "replay", "--dataset", "shop", "--event-id", "order-1", "--again").mustExit(t, 0).mustSay(t, "1 of 1 replayed")
	var back stream.Record
	if err := client.Scan(t.Context(), p.names.Signals("shop"), time.Time{}, func(r *stream.Record) error { back = *r; return nil }); err != nil {
		t.Fatal(err)
	}
	if string(back.Key) != "order-1" || event.Replays(&back) != 1 || !strings.Contains(string(back.Value), "CANARY") {
		t.Errorf("came back as %s %s", back.Key, back.Value)
	}
	if got := ids(t, p.letters(t, "list", "--output", "json")); got != "=lead" {
		t.Errorf("still on the list: %q", got)
	}
	p.letters(t, "replay", "--all", "--again").mustExit(t, 0).mustSay(t, "1 of 1 replayed")
	p.letters(t, "list").mustExit(t, 0).mustSay(t, "no dead letters")
	again := event.DeadLetter{Stage: fault.Forwarder, Reason: fault.Refused, Topic: back.Topic, Partition: back.Partition, Offset: back.Offset, FailedAt: failedAt}
	p.publish(t, again.Record(p.names.DeadLetters(), back.Key, &back))
	o := p.letters(t, "list", "--output", "json").mustExit(t, 0)
	if ids(t, o) != "order-1" || !strings.Contains(o.out, `"replays":1`) {
		t.Errorf("its second death: %s", o.out)
	}
}

// TestReplayOfOwnConsumer: a letter of somebody's own consumer goes back to it alone, whatever was delivered and however long
// ago; what was delivered already is left out, and the rest is replayed.
func TestReplayOfOwnConsumer(t *testing.T) {
	p := newPipeline(t)
	kafkatest.Create(t, kafkatest.Client(t), p.names, 2, "shop")
	var recs []stream.Record
	for i, c := range []struct {
		id    string
		stage fault.Stage
		age   time.Duration
	}{{"sold", fault.Forwarder, 0}, {"sold", "audience", 100 * time.Hour}, {"fresh", fault.Forwarder, 0}} {
		s := event.Signal{ID: []byte(c.id), Source: []byte("/channels/website/website"), Time: time.Now().Add(-c.age), EventName: []byte("Purchase")}
		rec := s.Record(p.names.Signals("shop"), []byte(`{}`))
		d := event.DeadLetter{Stage: c.stage, Reason: fault.Failed, Topic: rec.Topic, Offset: int64(i), FailedAt: time.Now()}
		recs = append(recs, d.Record(p.names.DeadLetters(), s.ID, &rec))
	}
	delivered := event.Outcome{BatchID: "b", Stage: fault.Forwarder, EndedAt: time.Now(), Events: []event.EventFate{
		{ID: "sold", Name: "Purchase", Fate: fault.Delivered, Topic: p.names.Signals("shop")},
	}}
	p.publish(t, append(recs, delivered.Records(p.names.Outcomes())...)...)
	p.letters(t, "replay", "--stage", "audience").mustExit(t, 0).mustSay(t, "1 of 1 replayed", "1 for the consumer audience alone")
	p.letters(t, "replay", "--stage", "forwarder").mustExit(t, 1).mustSay(t, "1 of 1 replayed", "1 left out, delivered already: sold", "--again")
	if got := ids(t, p.letters(t, "list", "--output", "json")); got != "sold" {
		t.Errorf("still on the list: %q", got)
	}
	p.letters(t, "replay", "--stage", "forwarder", "--again").mustExit(t, 0).mustSay(t, "1 of 1 replayed")
	stages := map[string]string{}
	if err := kafkatest.Client(t).Scan(t.Context(), p.names.Signals("shop"), time.Time{}, func(r *stream.Record) error {
		stages[string(r.Key)] += " " + string(r.Header("dlq_stage"))
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]string{"sold": " audience forwarder", "fresh": " forwarder"}, stages); diff != "" {
		t.Error(diff)
	}
	o := p.letters(t, "export", "--format", "json", "--stage", "audience").mustExit(t, 0)
	if got := ids(t, o); got != "" {
		t.Errorf("exported %q", got)
	}
}

// TestLettersExport: CSV and JSON go to a file that only its owner may read; values are masked unless --reveal is given,
// and no cell is a formula for a spreadsheet.
func TestLettersExport(t *testing.T) {
	p := dead(t)
	file := filepath.Join(p.dir, "letters.csv")
	p.letters(t, "export", "-o", file).mustExit(t, 0).mustSay(t, "2 dead letters written to "+file)
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(string(text))).ReadAll()
	if err != nil || len(rows) != 3 || rows[0][0] != "event_id" || rows[1][0] != "order-1" || rows[2][0] != "'=lead" || strings.Contains(string(text), "CANARY") {
		t.Errorf("%v\n%s", err, text)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info.Mode(), err)
	}
	link := filepath.Join(p.dir, "link.csv")
	if err := os.Symlink(file, link); err != nil {
		t.Fatal(err)
	}
	p.letters(t, "export", "-o", link).mustExit(t, 1).mustSay(t, "it is a link")
	o := p.letters(t, "export", "--format", "json", "--channel", "crm", "--reveal").mustExit(t, 0).mustSay(t, "CANARY")
	if got := ids(t, o); got != "=lead" {
		t.Errorf("exported %q", got)
	}
	p.letters(t, "export", "--format", "json").mustExit(t, 0)
	p.letters(t, "export", "-o", filepath.Join(p.dir, "gone", "x")).mustExit(t, 1).mustSay(t, "writing the export")
}

// TestReplayWithoutTheEvent (F53): a letter that does not hold its event is not replayed, whatever is asked for, and stays on the list.
func TestReplayWithoutTheEvent(t *testing.T) {
	p := dead(t)
	rec := p.signal("order-2", "CANARY")
	giant := event.DeadLetter{Stage: fault.Forwarder, Reason: fault.Expired, Topic: rec.Topic, Offset: 8, FailedAt: failedAt}
	letter := giant.Record(p.names.DeadLetters(), []byte("order-2"), &rec)
	short, _ := event.Shorten(&letter)
	p.publish(t, short)
	for range 2 {
		got := p.letters(t, "replay", "--reason", "oversize", "--again")
		if got.code != 1 || !strings.Contains(got.out+got.errs, "the letter is without the event: order-2") {
			t.Fatalf("%+v", got)
		}
	}
	if list := p.letters(t, "list", "--reason", "oversize", "--output", "json"); !strings.Contains(list.out, `"detail":"expired"`) {
		t.Errorf("%+v", list)
	}
}
