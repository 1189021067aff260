package rule_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/omnicapi/omnicapi/services/sandbox/internal/rule"
)

func rules(t *testing.T, text string) *rule.Rules {
	t.Helper()
	list, err := rule.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	r := &rule.Rules{}
	r.Set(list)
	return r
}

func TestFirstMatchWinsAndTimesRunOut(t *testing.T) {
	r := rules(t, `[{"event_id":"a","times":2,"status":500},{"dataset":"1","event_name":"Lead","status":429},{"dataset":"2","delay":"2s"}]`)
	batch := rule.Batch{Dataset: "1", IDs: []string{"b", "a"}, Names: []string{"Purchase", "Lead"}}
	for i, want := range []int{500, 500, 429} {
		if got := r.Match(batch); got == nil || got.Status != want {
			t.Errorf("match %d: %+v, want status %d", i, got, want)
		}
	}
	if got := r.Match(rule.Batch{Dataset: "1", Names: []string{"Purchase"}}); got != nil {
		t.Errorf("no rule is for it: %+v", got)
	}
	if got := r.Match(rule.Batch{Dataset: "2"}); got == nil || got.Fails() {
		t.Errorf("a delay alone still accepts: %+v", got)
	}
	text, err := json.Marshal(r.List())
	if err != nil || !strings.Contains(string(text), `"times":0`) || !strings.Contains(string(text), `"delay":"2s"`) {
		t.Errorf("list: %s, %v", text, err)
	}
}

func TestProbability(t *testing.T) {
	r := rules(t, `[{"probability":0,"status":500},{"probability":1,"status":503}]`)
	for range 100 {
		if got := r.Match(rule.Batch{}); got == nil || got.Status != 503 {
			t.Fatalf("match: %+v", got)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for text, want := range map[string]string{
		`[{"statuss":500}]`:           "statuss",
		`[{"probability":1.5}]`:       "probability",
		`[{},{"times":-1}]`:           "[1].times",
		`[{"status":99}]`:             "status",
		`[{"delay":2}]`:               "duration",
		`[{"drip":"fast"}]`:           "duration",
		`[{"drip":"-1ms"}]`:           "drip",
		`[{"delay":"-1s"}]`:           "delay",
		`{"event_id":"a","status":7}`: "status",
		`nonsense`:                    "reading rules",
	} {
		if _, err := rule.Parse([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want an error that names %s", text, err, want)
		}
	}
}
