package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// fakeIngest stores lines and refuses those that say bad; before each request the test may do something else.
type fakeIngest struct {
	mu       sync.Mutex
	requests int
	stored   []string
	auth     string
	before   func(n int, w http.ResponseWriter) (done bool) // n: the request's number, from 1
}

func (f *fakeIngest) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.requests++
	f.auth = r.Header.Get("Authorization") + " " + r.URL.Path + " " + r.Header.Get("Content-Type")
	if f.before != nil && f.before(f.requests, w) {
		return
	}
	type rejection struct {
		Index  int    `json:"index"`
		Field  string `json:"field"`
		Reason string `json:"reason"`
		Detail string `json:"detail"`
	}
	a := struct {
		Accepted int         `json:"accepted"`
		Rejected []rejection `json:"rejected"`
	}{Rejected: []rejection{}}
	text, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	for i, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		if strings.Contains(line, "bad") {
			a.Rejected = append(a.Rejected, rejection{i, "event_time", "invalid_field", "no time"})
			continue
		}
		a.Accepted++
		f.stored = append(f.stored, line)
	}
	w.WriteHeader(http.StatusAccepted)
	_ = json.NewEncoder(w).Encode(a)
}

// sendRig starts a fake ingest and writes a configuration that names it; send runs the command with that configuration.
func sendRig(t *testing.T) (ingest *fakeIngest, dir string, send func(ctx context.Context, args ...string) output) {
	t.Helper()
	ingest, dir = &fakeIngest{}, t.TempDir()
	server := httptest.NewServer(ingest)
	t.Cleanup(server.Close)
	write(t, filepath.Join(dir, "secret"), "s3cret\n")
	write(t, filepath.Join(dir, "store.json"), storeMapping)
	file := write(t, filepath.Join(dir, "omnicapi.yaml"), `
datasets: {shop: {id: "1", token_file: secret}}
sources:
  store: {channel: store, format: csv, dataset: shop, secrets: [secret], mapping: store.json}
  lines: {channel: store, format: ndjson, dataset: shop, secrets: [secret]}
  web: {channel: website, format: capi, dataset: shop, secrets: [secret]}
`)
	return ingest, dir, func(ctx context.Context, args ...string) output {
		return commandIn(ctx, append([]string{"send", "-c", file, "--to", server.URL}, args...)...)
	}
}

func numbered(n int, bad ...int) string {
	var b strings.Builder
	for i := 1; i <= n; i++ {
		word := "good"
		for _, x := range bad {
			if x == i {
				word = "bad"
			}
		}
		fmt.Fprintf(&b, "{\"n\":%d,\"is\":%q}\n", i, word)
	}
	return b.String()
}

// TestSendTellsRefusedRows: each refused row is reported by its number, the others are stored, the exit code is 1; a
// program gets JSON.
func TestSendTellsRefusedRows(t *testing.T) {
	ingest, dir, send := sendRig(t)
	file := write(t, filepath.Join(dir, "l.ndjson"), numbered(5, 2, 5))
	o := send(t.Context(), "--source", "lines", file).mustExit(t, 1)
	o.mustSay(t, file+": row 2 refused: event_time: invalid_field: no time", "row 5 refused: event_time", file+": 3 events stored, 2 refused")
	if ingest.auth != "Bearer s3cret /v1/sources/lines application/x-ndjson" || len(ingest.stored) != 3 {
		t.Errorf("%q, %d rows", ingest.auth, len(ingest.stored))
	}
	o = send(t.Context(), "--source", "lines", "--output", "json", file).mustExit(t, 1)
	lines := strings.Split(strings.TrimSpace(o.out), "\n")
	if len(lines) != 3 || lines[0] == lines[1] {
		t.Fatalf("%d lines:\n%s", len(lines), o.out)
	}
	var got map[string]any
	told := false
	for _, line := range lines {
		got = nil
		if err := json.Unmarshal([]byte(line), &got); err != nil {
			t.Fatal(err)
		}
		if got["row"] == 2.0 {
			told = true
			if diff := cmp.Diff(map[string]any{"file": file, "row": 2.0, "field": "event_time", "reason": "invalid_field", "detail": "no time"}, got); diff != "" {
				t.Error(diff)
			}
		}
	}
	if diff := cmp.Diff(map[string]any{"file": file, "accepted": 3.0, "refused": 2.0}, got); !told || diff != "" {
		t.Errorf("row 2 told: %v; the last line: %s", told, diff)
	}
	good := write(t, filepath.Join(dir, "g.ndjson"), numbered(9000)) // a file of many reads, each of which moves the bar
	if o := send(t.Context(), "--source", "lines", good).mustExit(t, 0).mustSay(t, "9000 events stored, 0 refused"); o.errs != "" {
		t.Errorf("a progress bar where nobody looks: %q", o.errs)
	}
}

// TestSendResumesAfterInterruption: after a stop by ^C or by a refusal, the next run goes on behind the rows that are
// stored.
func TestSendResumesAfterInterruption(t *testing.T) {
	for name, interrupt := range map[string]func(stop context.CancelFunc, w http.ResponseWriter){
		"stopped": func(stop context.CancelFunc, w http.ResponseWriter) {
			stop()
			w.WriteHeader(http.StatusServiceUnavailable)
		},
		"refused": func(_ context.CancelFunc, w http.ResponseWriter) { w.WriteHeader(http.StatusUnauthorized) },
	} {
		t.Run(name, func(t *testing.T) {
			ingest, dir, send := sendRig(t)
			file := write(t, filepath.Join(dir, "l.ndjson"), numbered(2500, 7))
			ctx, stop := context.WithCancel(t.Context())
			defer stop()
			ingest.before = func(n int, w http.ResponseWriter) bool {
				if n == 2 {
					interrupt(stop, w)
				}
				return n == 2
			}
			o := send(ctx, "--source", "lines", file).mustExit(t, 1)
			o.mustSay(t, "row 7 refused", "999 of its events are stored and 1 rows refused, up to row 1000",
				"to go on behind row 1000, type: omnicapi send -c ", " --source lines --to http://", file)
			if name == "refused" {
				o.mustSay(t, "refuses the secret of source lines")
			} else {
				o.mustSay(t, file+": stopped")
			}
			if strings.Contains(o.out+o.errs, "s3cret") {
				t.Error("the secret is told")
			}
			if state, err := os.ReadFile(file + ".omnicapi-send"); err != nil || strings.Contains(string(state), "good") {
				t.Errorf("%v: %s", err, state)
			}
			send(t.Context(), "--source", "lines", file).mustExit(t, 1).mustSay(t, "2499 events stored, 1 refused (resumed after row 1000)")
			seen := map[string]int{}
			for _, line := range ingest.stored {
				seen[line]++
			}
			if len(seen) != 2499 || len(ingest.stored) != 2499 {
				t.Errorf("%d rows stored, %d of them once", len(ingest.stored), len(seen))
			}
			if _, err := os.Stat(file + ".omnicapi-send"); !os.IsNotExist(err) {
				t.Errorf("the note of a whole file stays: %v", err)
			}
		})
	}
}

// TestSendReadsTables: send reads a table by the source's mapping, and reports a cell that cannot be read by its row.
func TestSendReadsTables(t *testing.T) {
	ingest, dir, send := sendRig(t)
	file := write(t, filepath.Join(dir, "s.csv"), "Receipt;Sold;Email\nr-1;2026-11-24 10:00:00;a@b.co\nr-2;2026-11-24 11:00:00;c@d.co\n")
	send(t.Context(), "--source", "store", file).mustExit(t, 0).mustSay(t, "2 events stored, 0 refused")
	if len(ingest.stored) != 2 || !strings.Contains(ingest.stored[1], "r-2") || !strings.Contains(ingest.stored[1], `"row":3`) {
		t.Errorf("%s", ingest.stored)
	}
}

// TestSendWrongUsage: wrong usage ends with exit code 2 and says what to type instead, before anything is sent.
func TestSendWrongUsage(t *testing.T) {
	ingest, dir, send := sendRig(t)
	file := write(t, filepath.Join(dir, "l.ndjson"), numbered(1))
	for name, c := range map[string]struct {
		args []string
		code int
		say  string
	}{
		"source": {[]string{"--source", "shop", file}, 2, "lines, store, web"},
		"format": {[]string{"--source", "web", file}, 2, "csv, xlsx and ndjson"},
		"url":    {[]string{"--source", "lines", "--to", "nowhere", file}, 2, "https://ingest.example.com"},
		"file":   {[]string{"--source", "lines", filepath.Join(dir, "gone")}, 1, "no such file"},
		"secret": {[]string{"--source", "lines", "--secret-file", filepath.Join(dir, "lost"), file}, 1, "lost"},
	} {
		t.Run(name, func(t *testing.T) { send(t.Context(), c.args...).mustExit(t, c.code).mustSay(t, c.say) })
	}
	if ingest.requests != 0 {
		t.Errorf("%d requests", ingest.requests)
	}
}

// TestSendNamesRowsOnce: a row that the file's own reading refuses, by number, column and field, in send and in a dry run.
func TestSendNamesRowsOnce(t *testing.T) {
	_, dir, send := sendRig(t)
	file := write(t, filepath.Join(dir, "s.csv"), "Receipt;Sold;Email\nr-1;2026-11-24 10:00:00;a@b.co\nr-2;never;c@d.co\nr-3;2026-11-24 11:00:00;c@d.co;90\n")
	o := send(t.Context(), "--source", "store", file).mustExit(t, 1)
	o.mustSay(t, file+": row 3 refused: column B (Sold), event_time: invalid_field: is no time that can be read",
		"row 4 refused: column D, invalid_field: is beyond the last column", "1 events stored, 2 refused")
	if strings.Contains(o.out, "row 3 refused: row 3") || strings.Count(o.out, "row 3") != 1 {
		t.Errorf("told twice:\n%s", o.out)
	}
	o = send(t.Context(), "--source", "store", "--output", "json", file).mustExit(t, 1)
	o.mustSay(t, `"row":3,"column":"B (Sold)","field":"event_time","reason":"invalid_field","detail":"is no time that can be read"`)
	o = command(t, "send", "--dry-run", "--format", "csv", "--mapping", filepath.Join(dir, "store.json"), file).mustExit(t, 1)
	o.mustSay(t, "\nrow 3 refused: event_time: invalid_field: column B (Sold): is no time that can be read\nrow 4 refused: invalid_field: column D: is beyond the last column")
}

// TestSendSaysWhatIsStored: when a file is missing nothing is sent; when one is broken the others are whole.
func TestSendSaysWhatIsStored(t *testing.T) {
	ingest, dir, send := sendRig(t)
	const head = "Receipt;Sold;Email\n"
	one := write(t, filepath.Join(dir, "one.csv"), head+"r-1;2026-11-24 10:00:00;a@b.co\n")
	two := write(t, filepath.Join(dir, "two 2.csv"), head+"r-2;2026-11-24 10:00:00;a@b.co\nr-3;\"2026-11-24 10:00:00;a@b.co\n")
	gone := filepath.Join(dir, "gone.csv")
	send(t.Context(), "--source", "store", one, gone).mustExit(t, 1).mustSay(t, gone+": no such file or directory: nothing is sent")
	if ingest.requests != 0 {
		t.Error("sent before all files were looked for")
	}
	o := send(t.Context(), "--source", "store", one, two).mustExit(t, 1)
	o.mustSay(t, one+": 1 events stored", two+": reading the file: row 3: has a quote that is never closed", "the 1 files before it are whole",
		"when the file is mended", "--source store --to http://", "'"+two+"'")
	if strings.Contains(o.errs, one) {
		t.Errorf("a file that is whole is to be sent again:\n%s", o.errs)
	}
	t.Chdir(dir)
	command(t, "send", "--dry-run", "--format", "csv", "--mapping", "store.json", "gone.csv").mustExit(t, 1).mustSay(t, "gone.csv: no such file")
	command(t, "send", "--dry-run", "--format", "csv", "--mapping", "lost.json", "one.csv").mustExit(t, 2).mustSay(t, "lost.json", "--mapping")
}

// TestConfigCheckReadsMappingsByLine: all that is wrong with a mapping file at once, by line, with the target that was meant;
// and what is not wrong, but doubtful.
func TestConfigCheckReadsMappingsByLine(t *testing.T) {
	_, dir, _ := sendRig(t)
	write(t, filepath.Join(dir, "store.json"), "{\n \"defaults\": {\"event_name\": \"Lead\"},\n \"columns\": {\n  \"value\": {\"name\": \"Total\"},\n  \"user_data.emial\": {\"index\": 1}\n }\n}")
	file := filepath.Join(dir, "omnicapi.yaml")
	o := command(t, "config", "check", "-c", file).mustExit(t, 2)
	o.mustSay(t, "store.json: line 4: columns.value: is no field of a server event: did you mean custom_data.value?",
		"store.json: line 5: columns.user_data.emial: is no match key of user_data: did you mean user_data.em?")
	mapping := write(t, filepath.Join(dir, "store.json"), `{"defaults":{"event_name":"Lead"},"columns":{"custom_data.vlaue":{"index":0}}}`)
	const doubt = "columns.custom_data.vlaue becomes a property of your own: did you mean custom_data.value?"
	command(t, "config", "check", "-c", file).mustExit(t, 0).mustSay(t, "warning: sources.store.mapping: ", doubt)
	rows := write(t, filepath.Join(dir, "s.csv"), "5\n")
	command(t, "send", "--dry-run", "--format", "csv", "--mapping", mapping, rows).mustExit(t, 1).mustSay(t, "warning: ", doubt)
}
