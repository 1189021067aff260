package main

import (
	"bytes"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/pkg/topic"
	"github.com/omnicapi/omnicapi/pkg/trace"
	"github.com/omnicapi/omnicapi/services/omnicapi/internal/demo"
	"github.com/omnicapi/omnicapi/services/omnicapi/internal/letters"
	"github.com/omnicapi/omnicapi/services/omnicapi/internal/operation"
	"github.com/omnicapi/omnicapi/services/omnicapi/internal/table"
)

// TestTablesFit: the table of each command fits 80 columns however long the ids and names in it are, and still shows the
// beginning and the end of each.
func TestTablesFit(t *testing.T) {
	long := func(text string) string { return text + strings.Repeat("-0123456789", 20) + "-end" }
	shape := topic.Spec{Name: long("events"), Partitions: 1000, Replication: 3, Retention: 336 * time.Hour}
	letter := &letters.Letter{
		EventID: long("order"), EventName: long("Purchase"), Channel: "tagmanager", Source: long("source"), Dataset: long("dataset"),
		Stage: "normalizer", Reason: string(fault.UnsupportedVersion), Detail: long("detail"), FailedAt: failedAt,
	}
	traced := &trace.Trace{EventID: "order", EventName: "Purchase", Fate: "dead", Stages: []trace.Stage{
		{Stage: "normalizer", At: failedAt, Topic: long("signals"), Partition: 1000, Offset: 1 << 40},
		{Stage: "forwarder", At: failedAt, Topic: long("signals"), Partition: 1000, Offset: 1 << 40, Fate: "dead", Reason: string(fault.UnsupportedVersion), Attempts: 3, BatchID: long("batch")},
	}}
	ended := demo.Ended{Got: fault.Dead, GotReason: fault.UnsupportedVersion, Detail: long("detail")}
	ended.Event = demo.Event{Channel: "tagmanager", Format: "meta.openbridge", Name: long("Purchase"), ID: long("order"), Fate: fault.Dead, Reason: fault.UnsupportedVersion}
	delivered := demo.Ended{Got: fault.Delivered, FBTraceID: long("trace")}
	delivered.Event = demo.Event{Channel: "tagmanager", Format: "meta.openbridge", Name: long("Purchase"), ID: long("order"), Fate: fault.Delivered}

	for name, tt := range map[string]struct {
		print func(terminal) error
		head  string
		rows  int
	}{
		"topics check": {func(t terminal) error {
			return printChanges(t, outputFlags{}, []stream.Change{{Spec: shape, Created: true}, {Spec: shape, Exists: true, Wrong: long("wrong")}}, true)
		}, "TOPIC", 2},
		"topics list": {func(t terminal) error {
			return printTopics(t, outputFlags{}, []stream.TopicInfo{{Spec: shape, Records: 1 << 40}})
		}, "TOPIC", 1},
		"deadletters": {func(t terminal) error { return printLetters(t, []*letters.Letter{letter}) }, "FAILED AT", 1},
		"operations": {func(t terminal) error {
			o := &operation.Seen{BeganAt: failedAt, Operation: event.Operation{
				Command: "deadletters replay", Options: []string{"all", "again"}, User: long("ann"), SudoUser: long("bob"), Host: long("ops"),
				Filter: map[string]string{"dataset": long("shop"), "event-id": "given"}, Letters: 100_000, Worked: 100_000, Result: operation.Unfinished,
			}}
			return printOperations(t, outputFlags{}, []*operation.Seen{o})
		}, "BEGAN", 1},
		"trace": {func(t terminal) error { return printTrace(t, traced) }, "AT", 2},
		"demo": {func(t terminal) error {
			_, err := printFates(t, []demo.Ended{ended, delivered})
			return err
		}, "   CHANNEL", 2},
	} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			if err := tt.print(terminal{stdout: &out}); err != nil {
				t.Fatal(err)
			}
			lines := strings.Split(out.String(), "\n")
			for len(lines) > 0 && !strings.HasPrefix(lines[0], tt.head) {
				lines = lines[1:]
			}
			if len(lines) <= tt.rows {
				t.Fatalf("no table of %d rows:\n%s", tt.rows, &out)
			}
			for _, line := range lines[:1+tt.rows] {
				if n := utf8.RuneCountInString(line); n > table.Width {
					t.Errorf("%d columns: %s", n, line)
				}
			}
			for _, line := range lines[1 : 1+tt.rows] {
				if !strings.Contains(line, "…") {
					t.Errorf("nothing is cut: %s", line)
				}
			}
		})
	}
}
