package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/kafkatest"
)

// hostile is a text as an attacker makes a name or an id: it forges a line, colors, titles the window, turns the reading
// direction, and has runes that nobody sees.
const hostile = "evil\nfate     delivered\r\x1b[2J\x1b]0;owned\a\u009b31m\u0085\u202etxt\u202c\u2066\u200e\u061c\u200b\u2028\u2029\x7f\u00a0\U000e0041"

// mustBeText fails if a person's output has anything but what is drawn, or a line that is forged.
func (o output) mustBeText(t *testing.T, what string) {
	t.Helper()
	text := o.out + o.errs
	if !strings.Contains(text, "evil") {
		t.Errorf("%s does not show it, the test shows nothing:\n%s", what, text)
	}
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		if i := strings.IndexFunc(line, func(r rune) bool { return !unicode.IsPrint(r) }); i >= 0 {
			t.Errorf("%s: %q at %d of %q", what, line[i:], i, line)
		}
		if strings.HasPrefix(strings.TrimSpace(line), "fate     delivered") {
			t.Errorf("%s has a forged line: %q", what, line)
		}
	}
}

// TestHostile: whatever stands in records of Kafka, every command shows it as text.
func TestHostile(t *testing.T) {
	p := newPipeline(t)
	kafkatest.Create(t, kafkatest.Client(t), p.names, 2, "shop")
	raw := event.Raw{
		ID: []byte(hostile), Channel: []byte("website"), Source: []byte("website"), Key: []byte("k"), Time: failedAt, Format: []byte("capi"),
		Item: []byte(`{"event_name":"evil\u0007\u009b\u202e"}`),
	}
	plain := event.RawRecord(p.names.Events("website"), &raw, event.AppendRaw(nil, &raw))
	s := event.Signal{ID: []byte(hostile), Source: []byte("/channels/" + hostile + "/" + hostile), Time: failedAt, EventTime: 1, EventName: []byte(hostile)}
	signal := s.Record(p.names.Signals("shop"), []byte("no JSON \xff: "+hostile))
	outcome := event.Outcome{
		BatchID: hostile, Stage: hostile, Dataset: hostile, FBTraceID: hostile, StartedAt: failedAt, EndedAt: failedAt.Add(time.Second),
		Events: []event.EventFate{{ID: hostile, Name: hostile, Channel: hostile, Source: hostile, Fate: hostile, Reason: hostile, Detail: hostile, Topic: hostile}},
	}
	dead := event.DeadLetter{Stage: fault.Forwarder, Reason: fault.Refused, Detail: hostile, Topic: signal.Topic, FBTraceID: hostile, FailedAt: failedAt}
	p.publish(t, plain, signal, dead.Record(p.names.DeadLetters(), []byte(hostile), &signal))
	p.publish(t, outcome.Records(p.names.Outcomes())...)
	for _, args := range [][]string{
		{"trace", hostile},
		{"trace", "no " + hostile},
		{"deadletters", "list"},
		{"deadletters", "show", hostile},
		{"deadletters", "show", hostile, "--reveal"},
		{"deadletters", "show", "no " + hostile},
		{"deadletters", "replay", "--all", "--dry-run"},
		{"deadletters", "export", "--format", "json"},
		{"deadletters", "list", "--since", hostile},
		{"topics", "check", hostile},
	} {
		command(t, append(args, "-c", p.file)...).mustBeText(t, strings.Join(args[:min(2, len(args))], " "))
	}
	// JSON for programs is the same text for them.
	for _, words := range [][]string{{"trace", hostile}, {"deadletters", "list"}, {"deadletters", "show", hostile}} {
		o := command(t, append(words, "-c", p.file, "--output", "json")...).mustExit(t, 0)
		o.mustBeText(t, words[0]+" as JSON")
		for line := range strings.Lines(o.out) { // of trace one for each of the id's events
			var got struct {
				Name string `json:"event_name"`
			}
			err := json.Unmarshal([]byte(line), &got)
			if unnamed := words[0] == "trace" && got.Name == ""; err != nil || !unnamed && !strings.HasPrefix(got.Name, "evil\nfate     delivered\r\x1b[2J") {
				t.Errorf("%v: %q", err, got.Name)
			}
		}
	}
}

// TestHostileFiles: the same for what files, senders' requests and ingest's answers hold.
func TestHostileFiles(t *testing.T) {
	folder := t.TempDir()
	body, err := json.Marshal(map[string]any{"data": []any{map[string]any{
		"event_name": hostile, "event_id": hostile, "event_time": 1795426200, "action_source": "website",
		"user_data": map[string]any{"em": "jane@example.com", hostile: "x"}, "custom_data": map[string]any{hostile: hostile},
	}}})
	if err != nil {
		t.Fatal(err)
	}
	file := write(t, filepath.Join(folder, "event.json"), string(body))
	for _, more := range [][]string{nil, {"--reveal"}} {
		command(t, append([]string{"send", "--dry-run", "--format", "capi", "--at", "2026-11-23T09:30:00Z", file}, more...)...).mustBeText(t, "send --dry-run")
	}
	command(t, "send", "--dry-run", "--format", "capi", filepath.Join(folder, "evil\x1b[2J.json")).mustBeText(t, "send of no file")
	answer, err := json.Marshal(map[string]any{"accepted": 0, "rejected": []any{map[string]any{"index": 0, "field": hostile, "reason": hostile, "detail": hostile}}, "detail": hostile})
	if err != nil {
		t.Fatal(err)
	}
	status := http.StatusAccepted
	ingest := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = w.Write(answer)
	}))
	defer ingest.Close()
	lines := write(t, filepath.Join(folder, "events.ndjson"), "{\"event_name\":\"Lead\"}\n")
	config := write(t, filepath.Join(folder, "omnicapi.yaml"), "graph: {url: https://graph.facebook.com}\ndatasets: {shop: {id: \"1\", token_file: t}}\n"+
		"sources: {store: {channel: store, format: ndjson, dataset: shop, secrets: [t]}}\n")
	write(t, filepath.Join(folder, "t"), "secret-of-the-store\n")
	command(t, "send", "-c", config, "--source", "store", "--to", ingest.URL, lines).mustBeText(t, "send")
	status = http.StatusTeapot
	command(t, "send", "-c", config, "--source", "store", "--to", ingest.URL, lines).mustBeText(t, "a refused send")
	command(t, "send", "-c", config, "--source", hostile, lines).mustBeText(t, "send of no source")
	command(t, "evil\x1b[2J").mustBeText(t, "no command")
	wrong := write(t, filepath.Join(folder, "wrong.yaml"), "\"evil\\u001b[2J\\u202e\": 1\n")
	command(t, "config", "check", "-c", wrong).mustBeText(t, "config check")
}
