package main

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
)

func TestTopics(t *testing.T) {
	p := newPipeline(t)
	command(t, "topics", "check", "-c", p.file).mustExit(t, 1).mustSay(t, "missing", "topics apply")
	command(t, "topics", "apply", "-c", p.file, "--dry-run").mustExit(t, 0).mustSay(t, ".signals.shop", "would be created")
	command(t, "topics", "apply", "-c", p.file, "--dry-run", "--output", "json").mustExit(t, 0).mustSay(t, p.names.Signals("shop"))
	command(t, "topics", "check", "-c", p.file).mustExit(t, 1).mustSay(t, "missing")
	command(t, "topics", "apply", "-c", p.file).mustExit(t, 0).mustSay(t, ".events.website", "created")
	command(t, "topics", "apply", "-c", p.file).mustExit(t, 0).mustSay(t, "exists")
	command(t, "topics", "check", "-c", p.file).mustExit(t, 0)
	o := command(t, "topics", "list", "-c", p.file, "--output", "json").mustExit(t, 0)
	lines := strings.Split(strings.TrimSpace(o.out), "\n")
	if len(lines) != 11 {
		t.Fatalf("%d topics:\n%s", len(lines), o.out)
	}
	for _, line := range lines {
		var state topicState
		if err := json.Unmarshal([]byte(line), &state); err != nil || state.Partitions != 2 || state.Records == nil || *state.Records != 0 {
			t.Errorf("%s: %v", line, err)
		}
	}
	text, err := os.ReadFile(p.file)
	if err != nil {
		t.Fatal(err)
	}
	write(t, p.file, strings.Replace(string(text), "partitions: 2", "partitions: 3", 1))
	command(t, "topics", "check", "-c", p.file).mustExit(t, 1).mustSay(t, "wrong", "2 partitions")
	command(t, "topics", "apply", "-c", p.file).mustExit(t, 1).mustSay(t, "wrong")
}
