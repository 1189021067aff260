package main

import (
	"encoding/json"
	"maps"
	"os"
	"os/user"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/kafkatest"
	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/pkg/topic"
)

// audited are the records of the topic audit as they lie there, phase by phase of each command.
func (p *pipeline) audited(t *testing.T) (said []string) {
	t.Helper()
	var all []*event.Operation
	if err := kafkatest.Client(t).Scan(t.Context(), p.names.Audit(), time.Time{}, func(r *stream.Record) error {
		if strings.Contains(string(r.Value), "CANARY") || strings.Contains(string(r.Value), "order-1") || strings.Contains(string(r.Value), "=lead") {
			t.Errorf("a record names an event or a person: %s", r.Value)
		}
		o, err := event.DecodeOperation(r.Value)
		all = append(all, o)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	slices.SortStableFunc(all, func(a, b *event.Operation) int { return a.At.Compare(b.At) })
	for _, o := range all {
		said = append(said, strings.Join([]string{o.Command, strings.Join(o.Options, "+"), string(o.Phase), string(o.Result)}, " "))
	}
	return said
}

// TestOperationsAreRecorded (T63): a replay, and each look at values, is recorded before it is done and after it; what shows or changes
// nothing is not.
func TestOperationsAreRecorded(t *testing.T) {
	p := dead(t)
	p.letters(t, "list").mustExit(t, 0)
	p.letters(t, "show", "=lead").mustExit(t, 0)
	p.letters(t, "export", "--format", "json").mustExit(t, 0)
	p.letters(t, "export", "--reason", "expired", "--reveal").mustExit(t, 0)
	p.letters(t, "replay", "--all", "--dry-run").mustExit(t, 0)
	p.letters(t, "replay", "--reason", "refused").mustExit(t, 1) // old: left out
	p.letters(t, "show", "nobody", "--reveal").mustExit(t, 1)
	if got := p.audited(t); got != nil {
		t.Fatalf("recorded: %v", got)
	}
	p.letters(t, "show", "=lead", "--reveal").mustExit(t, 0)
	p.letters(t, "export", "--reveal", "-o", filepath.Join(p.dir, "letters.csv")).mustExit(t, 0)
	p.letters(t, "export", "--reveal", "-o", filepath.Join(p.dir, "gone", "x")).mustExit(t, 1)
	p.letters(t, "replay", "--event-id", "order-1", "--dataset", "shop", "--again").mustExit(t, 0)
	p.letters(t, "replay", "--all", "--again").mustExit(t, 0)
	if diff := cmp.Diff([]string{
		"deadletters show reveal began ", "deadletters show reveal ended done",
		"deadletters export reveal began ", "deadletters export reveal ended done",
		"deadletters export reveal began ", "deadletters export reveal ended failed",
		"deadletters replay again began ", "deadletters replay again ended done",
		"deadletters replay all+again began ", "deadletters replay all+again ended done",
	}, p.audited(t)); diff != "" {
		t.Error(diff)
	}
	who, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	host, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	command(t, "operations", "list", "-c", p.file).mustExit(t, 0).mustSay(t, "replay --again", "--reveal", "event-id=given", "1 of 1", "2 of 2", "done", "failed")
	o := command(t, "operations", "list", "-c", p.file, "--output", "json", "--limit", "2").mustExit(t, 0)
	var first map[string]any
	if err := json.Unmarshal([]byte(strings.Split(o.out, "\n")[0]), &first); err != nil {
		t.Fatal(err)
	}
	want := strings.Fields("began_at command ended_at filter first host letters operation_id options result uid user version worked")
	if diff := cmp.Diff(want, slices.Sorted(maps.Keys(first))); diff != "" || first["user"] != who.Username || first["host"] != host {
		t.Errorf("%v %s", first, diff)
	}
	command(t, "operations", "list", "-c", p.file, "--since", "2100-01-01").mustExit(t, 0).mustSay(t, "no operations")
	command(t, "operations", "list", "-c", p.file, "--since", "soon").mustExit(t, 2)
}

// TestNothingUnrecorded (T63): where the topic is missing, as in an installation from before it was there, nothing is replayed or
// revealed, and the message says what to run.
func TestNothingUnrecorded(t *testing.T) {
	p := newPipeline(t)
	client := kafkatest.Client(t)
	specs := slices.DeleteFunc(p.names.Specs([]string{"shop"}, 2, 1), func(s topic.Spec) bool { return s.Name == p.names.Audit() })
	if _, err := client.Apply(t.Context(), specs, false); err != nil {
		t.Fatal(err)
	}
	p.bury(t)
	file := filepath.Join(p.dir, "letters.csv")
	for _, args := range [][]string{
		{"show", "=lead", "--reveal"},
		{"show", "=lead", "--reveal", "--output", "json"},
		{"export", "--reveal", "-o", file},
		{"replay", "--all", "--again"},
	} {
		o := p.letters(t, args[0], args[1:]...).mustExit(t, 1).mustSay(t, "nothing was done, for it cannot be recorded", "audit is missing: run omnicapi topics apply")
		if strings.Contains(o.out+o.errs, "CANARY") {
			t.Errorf("%v shows a person", args)
		}
	}
	if _, err := os.Stat(file); err == nil {
		t.Error("an export was written")
	}
	if got := ids(t, p.letters(t, "list", "--output", "json")); got != "order-1 =lead" {
		t.Errorf("still on the list: %q", got)
	}
	p.letters(t, "show", "=lead").mustExit(t, 0)
	command(t, "operations", "list", "-c", p.file).mustExit(t, 1).mustSay(t, "audit is missing", "topics apply")
	command(t, "topics", "apply", "-c", p.file).mustExit(t, 0).mustSay(t, "audit", "created")
	p.letters(t, "show", "=lead", "--reveal").mustExit(t, 0).mustSay(t, "CANARY")
}
