package e2e

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
)

// sampleTime finds the event_time of Meta's sample files: all are of 2024.
var sampleTime = regexp.MustCompile(`\b17[12]\d{7}\b`)

// TestMetaSampleFiles sends Meta's two CSV and two XLSX files with their mapping files unchanged through `omnicapi up`
// and compares what arrives, byte for byte of the hashes. Only event_time is made recent: Meta takes no sale of 2024.
func TestMetaSampleFiles(t *testing.T) {
	u := newUp(t)
	u.start()
	now := time.Now().Unix() - 3600
	for _, f := range []struct{ source, file string }{
		{"till", "store-signals-07082024.csv"},
		{"till-xlsx", "store-signals-07252024.xlsx"},
		{"web-file", "web-signals-07232024.csv"},
		{"web-xlsx", "web-signals-07252024.xlsx"},
	} {
		out, errs, code := run(t, time.Minute, "omnicapi", "send", "-c", u.config, "--source", f.source, u.recent(f.file, now))
		if code != 0 {
			t.Fatalf("send %s: exit %d\n%s%s", f.file, code, out, errs)
		}
	}
	var want []map[string]any
	readJSON(t, "testdata/expected/meta-samples.json", &want)
	got := u.waitArrived(len(want), nil)
	if len(got) != len(want) {
		t.Errorf("%d events arrived, want %d", len(got), len(want))
	}
	var events []map[string]any
	for _, a := range got {
		if a.Event["event_time"] != json.Number(strconv.FormatInt(now, 10)) {
			t.Errorf("event_time %v, want %d", a.Event["event_time"], now)
		}
		delete(a.Event, "event_time")
		if a.Event["action_source"] == "physical_store" { // no id in the file: ours, the same for the same order
			if id, _ := a.Event["event_id"].(string); len(id) != 32 {
				t.Errorf("event_id %q is not 32 hex digits", id)
			}
			delete(a.Event, "event_id")
		}
		events = append(events, a.Event)
	}
	sort.Slice(events, func(i, j int) bool { return orderID(events[i]) < orderID(events[j]) })
	if d := cmp.Diff(want, events, cmp.Comparer(sameNumber)); d != "" {
		t.Errorf("events (-want +got):\n%s", d)
	}
	// Sent again, the same files are the same events: dropped as duplicates, not delivered twice.
	if out, errs, code := run(t, time.Minute, "omnicapi", "send", "-c", u.config, "--source", "till", u.recent("store-signals-07082024.csv", now)); code != 0 {
		t.Fatalf("send again: exit %d\n%s%s", code, out, errs)
	}
}

func orderID(e map[string]any) string {
	return fmt.Sprint(e["custom_data"].(map[string]any)["order_id"])
}

// recent copies a sample file with all event times set to now.
func (u *up) recent(name string, now int64) string {
	u.t.Helper()
	from, to := filepath.Join("testdata/meta", name), filepath.Join(u.dir, strconv.FormatInt(time.Now().UnixNano(), 36)+name)
	if strings.HasSuffix(name, ".csv") {
		text := sampleTime.ReplaceAllString(readFile(u.t, from), strconv.FormatInt(now, 10))
		if err := os.WriteFile(to, []byte(text), 0o600); err != nil {
			u.t.Fatal(err)
		}
		return to
	}
	book, err := excelize.OpenFile(from)
	if err != nil {
		u.t.Fatal(err)
	}
	defer book.Close()
	sheet := book.GetSheetName(0)
	rows, err := book.GetRows(sheet, excelize.Options{RawCellValue: true})
	if err != nil {
		u.t.Fatal(err)
	}
	for i, row := range rows {
		if len(row) > 1 && sampleTime.MatchString(row[1]) {
			if err := book.SetCellValue(sheet, fmt.Sprintf("B%d", i+1), now); err != nil {
				u.t.Fatal(err)
			}
		}
	}
	if err := book.SaveAs(to); err != nil {
		u.t.Fatal(err)
	}
	return to
}
