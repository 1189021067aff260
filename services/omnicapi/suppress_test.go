package main

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/kafkatest"
	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/pkg/topic"
)

// suppress runs a command of suppress.
func (p *pipeline) suppress(t *testing.T, args ...string) output {
	t.Helper()
	args = append([]string{"suppress", args[0], "-c", p.file}, args[1:]...)
	o := command(t, args...)
	if said := strings.ToLower(o.out + o.errs); strings.Contains(said, "canary") || strings.Contains(said, "5550123") {
		t.Errorf("%v says a clear value: %s", args[:2], said)
	}
	return o
}

// kinds are those on the list, oldest first.
func (p *pipeline) kinds(t *testing.T) string {
	t.Helper()
	var all []string
	for line := range strings.Lines(p.suppress(t, "list", "--output", "json").mustExit(t, 0).out) {
		var one struct {
			Kind, Hash string
			AddedAt    time.Time `json:"added_at"`
		}
		if err := json.Unmarshal([]byte(line), &one); err != nil || len(one.Hash) != 12 || time.Since(one.AddedAt) > time.Hour {
			t.Errorf("%s %v", line, err)
		}
		all = append(all, one.Kind)
	}
	return strings.Join(all, " ")
}

// TestSuppress (T43): persons are added, listed and taken off, by whichever way they were written; no clear value is printed or stored, and
// what was done is on the topic audit.
func TestSuppress(t *testing.T) {
	p := newPipeline(t)
	kafkatest.Create(t, kafkatest.Client(t), p.names, 2, "shop")
	p.suppress(t, "list").mustExit(t, 0).mustSay(t, "nobody")
	p.suppress(t, "add", "--email", " Canary.Doe@Example.com", "--email", "canary.doe@example.com").mustExit(t, 0).mustSay(t, "1 added")
	p.suppress(t, "add", "--phone", "(415) 555-0123", "--country", "US").mustExit(t, 0).mustSay(t, "1 added")
	p.suppress(t, "add", "--phone", "+1 415 5550123", "--external-id", "CANARY-77").mustExit(t, 0).mustSay(t, "1 on the list already", "1 added")
	p.suppress(t, "add", "--email", "good@example.com", "--email", "canary").mustExit(t, 2).mustSay(t, "--email, number 2")
	if got := p.kinds(t); got != "em ph external_id" {
		t.Errorf("listed: %s", got)
	}
	p.suppress(t, "list").mustExit(t, 0).mustSay(t, "ADDED", "external_id", "…")
	p.suppress(t, "remove", "--email", "other@example.com").mustExit(t, 0).mustSay(t, "1 not on the list")
	p.suppress(t, "remove", "--email", "CANARY.doe@example.com").mustExit(t, 0).mustSay(t, "1 taken off")
	if got := p.kinds(t); got != "ph external_id" {
		t.Errorf("listed: %s", got)
	}
	p.suppress(t, "add", "--email", "canary.doe@example.com").mustExit(t, 0)
	if got := p.kinds(t); got != "ph external_id em" {
		t.Errorf("listed: %s", got)
	}
	tombstones := 0
	for _, name := range []string{p.names.Suppressions(), p.names.Audit()} {
		if err := kafkatest.Client(t).Scan(t.Context(), name, time.Time{}, func(r *stream.Record) error {
			if len(r.Value) == 0 {
				tombstones++
			}
			if said := strings.ToLower(string(r.Key) + string(r.Value)); strings.Contains(said, "canary") || strings.Contains(said, "5550123") {
				t.Errorf("%s holds a clear value", name)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	if tombstones != 1 {
		t.Errorf("%d tombstones", tombstones)
	}
	command(t, "operations", "list", "-c", p.file).mustExit(t, 0).mustSay(t, "suppress add", "suppress remove", "1 of 1", "done")
	if got := len(p.audited(t)); got != 10 {
		t.Errorf("%d records on audit", got)
	}
	command(t, "topics", "list", "-c", p.file).mustExit(t, 0).mustSay(t, "by key")
}

// TestSuppressImport: the good lines of a file are taken, the broken ones refused by number.
func TestSuppressImport(t *testing.T) {
	p := newPipeline(t)
	kafkatest.Create(t, kafkatest.Client(t), p.names, 2, "shop")
	file := filepath.Join(t.TempDir(), "persons.csv")
	if err := os.WriteFile(file, []byte("email,phone\ncanary@example.com,\ncanary,+14155550123\n,\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	p.suppress(t, "import", file).mustExit(t, 1).mustSay(t, "line 3: no email", "line 4: it names nobody", "2 added", "2 refused")
	if got := p.kinds(t); got != "em ph" && got != "ph em" {
		t.Errorf("listed: %s", got)
	}
	p.suppress(t, "import", file).mustExit(t, 1).mustSay(t, "2 on the list already")
	if err := os.WriteFile(file, []byte("m-1\nm-2\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	p.suppress(t, "import", file, "--as", "external_id").mustExit(t, 0).mustSay(t, "2 added")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	p.suppress(t, "import", file).mustExit(t, 1).mustSay(t, "nobody")
	p.suppress(t, "import", file, "--as", "name").mustExit(t, 2)
}

// TestSuppressWithoutTopic: an installation from before the topic says what to run, and one whose topic has a strange record goes on.
func TestSuppressWithoutTopic(t *testing.T) {
	p, client := newPipeline(t), kafkatest.Client(t)
	for _, args := range [][]string{{"add", "--email", "a@b.co"}, {"remove", "--email", "a@b.co"}, {"list"}} {
		p.suppress(t, args...).mustExit(t, 1).mustSay(t, "suppressions is missing", "topics apply")
	}
	if _, err := client.Apply(t.Context(), []topic.Spec{{Name: p.names.Suppressions(), Partitions: 1, Replication: 1, Compacted: true}}, false); err != nil {
		t.Fatal(err)
	}
	p.suppress(t, "add", "--email", "a@b.co").mustExit(t, 1).mustSay(t, "nothing was done, for it cannot be recorded")
	producer := client.NewProducer(stream.ProducerConfig{})
	defer func() { _ = producer.Close(context.Background()) }()
	one := event.Suppression{Kind: "em", AddedAt: time.Now()}
	rec, err := one.Record(p.names.Suppressions())
	if err != nil {
		t.Fatal(err)
	}
	if err := producer.Publish(t.Context(), rec, stream.Record{Topic: p.names.Suppressions(), Key: []byte("strange"), Time: time.Now()}); err != nil {
		t.Fatal(err)
	}
	p.suppress(t, "list").mustExit(t, 0).mustSay(t, "em", "1 records of the topic are no suppressions")
}
