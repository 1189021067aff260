package main

import (
	"context"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/omnicapi/omnicapi/pkg/config"
	"github.com/omnicapi/omnicapi/pkg/lifecycle"
	"github.com/omnicapi/omnicapi/services/omnicapi/internal/local"
)

// TestUp: without a configuration, up runs with the demo's; other commands find its broker by the data folder; a second
// up on the same folder is refused; a requested stop ends with exit code 0, and then no command finds a broker.
func TestUp(t *testing.T) {
	t.Chdir(t.TempDir())
	services, up := apps, make(chan string, 4)
	t.Cleanup(func() { apps = services })
	app := func(name string) lifecycle.Run {
		return func(ctx context.Context, cfg *config.Config, d lifecycle.Deps) error {
			for _, addr := range []string{cfg.Ingest.Listen, cfg.Ingest.Admin, cfg.Normalizer.Admin, cfg.Forwarder.Admin, cfg.Sandbox.Listen} {
				if !strings.HasPrefix(addr, "127.0.0.1:") {
					t.Errorf("the demo's secrets are nobody's, and it listens on %s", addr)
				}
			}
			d.Started(name, "127.0.0.1:1")
			up <- name
			<-ctx.Done()
			return nil
		}
	}
	apps = local.Apps{Ingest: app("ingest"), Normalizer: app("normalizer"), Forwarder: app("forwarder"), Sandbox: app("sandbox")}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	done := make(chan output, 1)
	go func() { done <- commandIn(ctx, "up", "--data", "here") }()
	for range 4 {
		select {
		case <-up:
		case o := <-done:
			t.Fatalf("ended early: %+v", o)
		case <-time.After(time.Minute):
			t.Fatal("not up in time")
		}
	}
	if _, err := os.Stat(filepath.Join("here", "demo", "omnicapi.yaml")); err != nil {
		t.Error(err)
	}
	command(t, "topics", "check", "--data", "here").mustExit(t, 0)
	command(t, "deadletters", "list", "--data", "here").mustExit(t, 0).mustSay(t, "no dead letters")
	command(t, "trace", "--data", "here", "e-1").mustExit(t, 1).mustSay(t, "no record of event e-1")
	command(t, "up", "--data", "here").mustExit(t, 1).mustSay(t, "another process runs on this data folder")
	stop()
	o := <-done
	o.mustExit(t, 0).mustSay(t, "no configuration", "omnicapi config init", "THE SANDBOX STANDS IN FOR META")
	command(t, "topics", "check", "--data", "here").mustExit(t, 1).mustSay(t, "no broker runs")
	command(t, "up", "-c", "gone.yaml").mustExit(t, 2).mustSay(t, "gone.yaml: no such file", "omnicapi config init gone.yaml")
}

// TestTopicsForPrograms: the JSON output has each topic on a line; that of a dry run says what would be done to it.
func TestTopicsForPrograms(t *testing.T) {
	p := newPipeline(t)
	states := func(code int, args ...string) map[string]int {
		t.Helper()
		o := command(t, append([]string{"topics"}, append(args, "-c", p.file, "--output", "json")...)...).mustExit(t, code)
		got := map[string]int{}
		for _, line := range strings.Split(strings.TrimSpace(o.out), "\n") {
			var topic map[string]any
			if err := json.Unmarshal([]byte(line), &topic); err != nil {
				t.Fatalf("%v: %s", err, line)
			}
			if keys := slices.Sorted(maps.Keys(topic)); !cmp.Equal(keys, []string{"kept", "partitions", "replication", "state", "topic"}) {
				t.Errorf("keys %v", keys)
			}
			state, _ := topic["state"].(string)
			got[state]++
		}
		return got
	}
	for _, step := range []struct {
		code int
		args string
		want string
	}{
		{1, "check", "missing"},
		{0, "apply --dry-run", "would be created"},
		{1, "check", "missing"},
		{0, "apply", "created"},
		{0, "apply", "exists"},
		{0, "apply --dry-run", "exists"},
		{0, "check", "exists"},
	} {
		if diff := cmp.Diff(map[string]int{step.want: 13}, states(step.code, strings.Fields(step.args)...)); diff != "" {
			t.Errorf("%s: %s", step.args, diff)
		}
	}
}
