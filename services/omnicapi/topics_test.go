package main

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
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
	text, err := os.ReadFile(p.file)
	if err != nil {
		t.Fatal(err)
	}
	raised := strings.Replace(string(text), "partitions: 2", "partitions: 2, retention_bytes: 20GiB", 1)
	more := filepath.Join(filepath.Dir(p.file), "more.yaml")
	write(t, more, raised)
	command(t, "topics", "check", "-c", more).mustExit(t, 1).mustSay(t, "wrong", "keeps 10737418240 bytes of a partition, not 21474836480")
	command(t, "topics", "apply", "-c", more).mustExit(t, 0).mustSay(t, "set its retention.bytes")
	o := command(t, "topics", "list", "-c", p.file, "--output", "json").mustExit(t, 0)
	lines := strings.Split(strings.TrimSpace(o.out), "\n")
	if len(lines) != 13 {
		t.Fatalf("%d topics:\n%s", len(lines), o.out)
	}
	for _, line := range lines {
		var state topicState
		if err := json.Unmarshal([]byte(line), &state); err != nil || state.Partitions != 2 && state.Kept != "by key" || state.Records == nil || *state.Records != 0 {
			t.Errorf("%s: %v", line, err)
		}
	}
	write(t, p.file, strings.Replace(string(text), "partitions: 2", "partitions: 3", 1))
	command(t, "topics", "check", "-c", p.file).mustExit(t, 1).mustSay(t, "wrong", "2 partitions")
	command(t, "topics", "apply", "-c", p.file).mustExit(t, 1).mustSay(t, "wrong")
}

func TestTopicsACLs(t *testing.T) {
	file := filepath.Join(t.TempDir(), "omnicapi.yaml")
	command(t, "config", "init", file).mustExit(t, 0)
	o := command(t, "topics", "acls", "-c", file, "--users", "o'c ").mustExit(t, 0)
	o.mustSay(t, `--allow-principal 'User:o'\''c forwarder' --operation Read --group omnicapi.forwarder.signals.shop`)
	for line := range strings.Lines(o.out) {
		if !strings.HasPrefix(line, "#") && !strings.HasPrefix(line, "kafka-acls.sh --bootstrap-server ") {
			t.Errorf("a line of its own: %s", line)
		}
	}
	o = command(t, "topics", "acls", "-c", file, "--as", "json").mustExit(t, 0)
	var lines int
	for line := range strings.Lines(o.out) {
		var r right
		if err := json.Unmarshal([]byte(line), &r); err != nil || r.User != "omnicapi-"+r.Service || len(r.Operations) == 0 {
			t.Errorf("%s: %v", line, err)
		}
		lines++
	}
	o = command(t, "topics", "acls", "-c", file, "--as", "strimzi").mustExit(t, 0)
	decoder := yaml.NewDecoder(strings.NewReader(o.out))
	var users, rules int
	for {
		var user struct {
			Kind string
			Spec struct {
				Authorization struct {
					ACLs []struct {
						Resource   struct{ Type, Name, PatternType string }
						Operations []string
					}
				}
			}
		}
		if err := decoder.Decode(&user); errors.Is(err, io.EOF) {
			break
		} else if err != nil || user.Kind != "KafkaUser" {
			t.Fatalf("%v: %+v", err, user)
		}
		users++
		rules += len(user.Spec.Authorization.ACLs)
	}
	if users != 5 || rules != lines {
		t.Errorf("%d users with %d rules, %d lines of JSON", users, rules, lines)
	}
}
