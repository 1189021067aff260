package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// untidy is one input as a real sender makes it, and what its events must become; testdata/cases/README.md has the members.
type untidy struct {
	Name    string
	Format  string
	URL     string
	Headers map[string]string
	Body    string
	Mapping json.RawMessage
	Status  int
	Expect  []map[string]any
}

// arrived is when the inputs came: half an hour after most of their events.
const arrived = "2026-11-30T03:30:00Z"

// TestUntidy: what real senders really send becomes what they meant.
func TestUntidy(t *testing.T) {
	files, err := filepath.Glob("testdata/cases/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".json"), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var cases []untidy
			if err := json.Unmarshal(text, &cases); err != nil {
				t.Fatal(err)
			}
			for _, c := range cases {
				t.Run(c.Name, c.run)
			}
		})
	}
}

func (c *untidy) run(t *testing.T) {
	got := dryRunAt(t, arrived, c.args(t)...)
	if c.Status != 0 && got.Status != c.Status {
		t.Errorf("answered %d, want %d", got.Status, c.Status)
	}
	if len(got.Events) != len(c.Expect) {
		t.Fatalf("%d events, want %d: %s", len(got.Events), len(c.Expect), got.Answer)
	}
	for i, want := range c.Expect {
		var event map[string]any
		if e := got.Events[i].Event; e != nil {
			if err := json.Unmarshal(e, &event); err != nil {
				t.Fatal(err)
			}
		}
		for _, path := range slices.Sorted(maps.Keys(want)) {
			if have := valueAt(&got.Events[i], event, path); !holds(want[path], have) {
				t.Errorf("event %d: %s is %v, want %v (%s %s %s)", i+1, path, have, want[path],
					got.Events[i].Fate, got.Events[i].Reason, got.Events[i].Detail)
			}
		}
	}
}

// args writes the input into a file and returns the arguments that show what becomes of it.
func (c *untidy) args(t *testing.T) []string {
	folder := t.TempDir()
	args := []string{"--format", c.Format}
	if c.Mapping != nil {
		file := filepath.Join(folder, "mapping.json")
		write(t, file, string(c.Mapping))
		args = append(args, "--mapping", file)
	}
	body, ext := c.Body, map[string]string{"csv": "csv", "ndjson": "ndjson", "salesforce": "xml"}[c.Format]
	if ext == "" {
		ext = "json"
	}
	method := "POST"
	var head strings.Builder
	for _, name := range slices.Sorted(maps.Keys(c.Headers)) {
		switch {
		case name == "X-Method":
			method = c.Headers[name]
		case c.URL == "":
			args = append(args, "--header", name+": "+c.Headers[name])
		default:
			fmt.Fprintf(&head, "%s: %s\n", name, c.Headers[name])
		}
	}
	if c.URL != "" {
		ext, body = "http", fmt.Sprintf("%s %s HTTP/1.1\n%s\n%s", method, c.URL, head.String(), body)
	}
	file := filepath.Join(folder, "input."+ext)
	write(t, file, body)
	return append(args, file)
}

// valueAt is what stands at a path of an event, or what became of it.
func valueAt(e *explainedEvent, event map[string]any, path string) any {
	switch path {
	case "fate":
		return e.Fate
	case "reason":
		return string(e.Reason)
	case "detail":
		return e.Detail
	case "dropped":
		list := make([]any, len(e.Dropped))
		for i, d := range e.Dropped {
			list[i] = d
		}
		return list
	}
	var at any = event
	for name := range strings.SplitSeq(path, ".") {
		object, _ := at.(map[string]any)
		at = object[name]
	}
	return at
}

// holds says whether a value is what was expected of it.
func holds(want, have any) bool {
	switch w := want.(type) {
	case nil:
		list, _ := have.([]any)
		return have == nil || have == "" || list != nil && len(list) == 0
	case float64:
		h, ok := have.(float64)
		return ok && math.Abs(h-w) < 1e-6
	case string:
		list, _ := have.([]any)
		switch {
		case strings.HasPrefix(w, "~!"):
			text, err := json.Marshal(have)
			return err == nil && !strings.Contains(string(text), w[2:])
		case strings.HasPrefix(w, "!#"):
			return !slices.Contains(list, any(digest(w[2:])))
		case strings.HasPrefix(w, "!"):
			return have != w[1:]
		case strings.HasPrefix(w, "#"):
			w = digest(w[1:])
		}
		return have == w || len(list) == 1 && list[0] == w
	default:
		return reflect.DeepEqual(want, have)
	}
}

func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}
