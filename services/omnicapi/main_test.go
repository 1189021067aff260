package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/omnicapi/omnicapi/pkg/kafkatest"
	"github.com/omnicapi/omnicapi/pkg/topic"
)

func TestMain(m *testing.M) {
	if os.Getenv(askedAsCommand) != "" {
		os.Exit(run())
	}
	kafkatest.Main(m)
}

// output is what a command printed and its exit code.
type output struct {
	out, errs string
	code      int
}

func command(t *testing.T, args ...string) output {
	t.Helper()
	return commandIn(t.Context(), args...)
}

func commandIn(ctx context.Context, args ...string) output { return commandAs(ctx, "", args...) }

// commandAs runs a command as if a person had typed called as the program's name.
func commandAs(ctx context.Context, called string, args ...string) output {
	var out, errs bytes.Buffer
	code := execute(ctx, args, terminal{called: called, stdout: &out, stderr: &errs})
	return output{out.String(), errs.String(), code}
}

func (o output) mustExit(t *testing.T, code int) output {
	t.Helper()
	if o.code != code {
		t.Fatalf("exit %d, want %d\n%s%s", o.code, code, o.out, o.errs)
	}
	return o
}

func (o output) mustSay(t *testing.T, texts ...string) output {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(o.out+o.errs, text) {
			t.Errorf("%q is not in:\n%s%s", text, o.out, o.errs)
		}
	}
	return o
}

func write(t *testing.T, path, text string) string {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// pipeline is a configuration whose Kafka is the tests' broker; no service runs.
type pipeline struct {
	file  string
	dir   string
	names topic.Names
}

func newPipeline(t *testing.T) *pipeline {
	t.Helper()
	addrs, _ := kafkatest.Brokers(t)
	p := &pipeline{dir: t.TempDir(), names: kafkatest.Names(t)}
	write(t, filepath.Join(p.dir, "secret"), "s3cret\n")
	write(t, filepath.Join(p.dir, "store.json"), storeMapping)
	p.file = write(t, filepath.Join(p.dir, "omnicapi.yaml"), fmt.Sprintf(`
kafka: {brokers: [%s], prefix: %s, partitions: 2, replication: 1}
datasets: {shop: {id: "1", token_file: secret}}
sources:
  website: {channel: website, format: capi, dataset: shop, secrets: [secret]}
  store: {channel: store, format: csv, dataset: shop, secrets: [secret], mapping: store.json}
  lines: {channel: store, format: ndjson, dataset: shop, secrets: [secret]}
`, strings.Join(addrs, ", "), p.names.Prefix))
	return p
}

const storeMapping = `{"version": 1, "format": {"separator": ";", "header_rows": 1},
 "defaults": {"event_name": "Purchase", "action_source": "physical_store"},
 "columns": {"event_id": {"name": "Receipt"}, "event_time": {"name": "Sold"}, "user_data.em": {"name": "Email"}}}`
