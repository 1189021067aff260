package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/omnicapi/omnicapi/pkg/trace"
)

// ledger is a running ledger beside a stack.
type ledger struct {
	*process
	s     *stack
	admin string
	dir   string
}

// startLedger starts a ledger of its own folder.
func (s *stack) startLedger(name string) *ledger {
	s.t.Helper()
	l := &ledger{process: newProcess(s.t, "ledger", "-c", s.config), s: s, admin: freePort(s.t), dir: filepath.Join(s.dir, name)}
	l.env = []string{"OMNICAPI_LEDGER_ADMIN=" + l.admin, "OMNICAPI_LEDGER_DIR=" + l.dir}
	l.start()
	return l
}

// ask asks the API, and returns what it says.
func (l *ledger) ask(path string, into any) (status int, text string) {
	l.s.t.Helper()
	status, text = get(l.s.t, "http://"+l.admin+"/api/v1"+path)
	if status == http.StatusOK && into != nil {
		if err := json.Unmarshal([]byte(text), into); err != nil {
			l.s.t.Fatalf("%s: %v in %s", path, err, text)
		}
	}
	return status, text
}

// upToDate waits until the ledger has what is on the topics now.
func (l *ledger) upToDate() {
	l.s.t.Helper()
	now := time.Now()
	eventually(l.s.t, 2*time.Minute, "the ledger is up to date", func() (bool, string) {
		var state struct {
			AsOf time.Time `json:"as_of"`
		}
		status, text := l.ask("/status", &state)
		return status == 200 && state.AsOf.After(now), text
	})
}

// books are the sums of the ledger by each grouping, without when they were asked for.
func (l *ledger) books() map[string]any {
	l.s.t.Helper()
	all := map[string]any{}
	for _, by := range []string{"", "channel", "source", "dataset", "event", "hour"} {
		var sums struct {
			Rows any `json:"rows"`
		}
		if status, text := l.ask("/books?by="+by, &sums); status != 200 {
			l.s.t.Fatalf("books by %s: %d %s", by, status, text)
		}
		all[by] = sums.Rows
	}
	return all
}

// found is what the API says of an event id.
type found struct {
	Events  []*trace.Trace `json:"events"`
	Letters []struct {
		Reason  string `json:"reason"`
		Replays int    `json:"replays"`
	} `json:"letters"`
}

func (l *ledger) event(id string) (f found) {
	l.s.t.Helper()
	if status, text := l.ask("/events/"+url.PathEscape(id), &f); status != 200 {
		l.s.t.Fatalf("%s: %d %s", id, status, text)
	}
	return f
}

// traced is what the command reads from the topics.
func (s *stack) traced(id string) (events []*trace.Trace) {
	s.t.Helper()
	out, errs, code := run(s.t, time.Minute, "omnicapi", "trace", id, "-c", s.config, "--output", "json")
	if code != 0 {
		s.t.Fatalf("trace %s: exit %d\n%s%s", id, code, out, errs)
	}
	for line := range strings.Lines(out) {
		var one trace.Trace
		if err := json.Unmarshal([]byte(line), &one); err != nil {
			s.t.Fatal(err)
		}
		events = append(events, &one)
	}
	return events
}

// withoutStored leaves out where ingest stored what ended later, which no outcome says.
func withoutStored(events []*trace.Trace) []*trace.Trace {
	for _, e := range events {
		e.Stages = slices.DeleteFunc(e.Stages, func(s trace.Stage) bool {
			return s.Stage == "ingest" && !slices.ContainsFunc(e.Stages, func(f trace.Stage) bool {
				return f.Fate != "" && f.Topic == s.Topic && f.Partition == s.Partition && f.Offset == s.Offset
			})
		})
	}
	return events
}

// TestLedger: a ledger that is killed again and again under load has the figures of one that is built afresh, and says of an event what the
// command reads from the topics. Nothing personal is in its files, log, metrics and answers. When it is gone, nobody else notices.
func TestLedger(t *testing.T) {
	t.Parallel()
	s := newStack(t, "")
	const refused, dead, hostile = "canary-refused", "canary-dead", `<b>"'/%2F?&#\`
	s.control(http.MethodPut, "/_sandbox/faults", `[{"event_id":"`+refused+`","status":400,"error":{"code":100,"error_subcode":2804019}}]`)
	l := s.startLedger("ledger")
	l.upToDate()

	var ids []string
	for round := range 5 {
		events, more := numbered(t, fmt.Sprint("round-", round), 60)
		for i, id := range []string{refused, dead, hostile} {
			if round > 0 {
				break
			}
			e := purchase(id)
			e["user_data"] = map[string]any{"em": "canary.jane@example.org", "ph": "+1 415 555 0142", "client_ip_address": "203.0.113.77", "client_user_agent": "Mozilla/5.0"}
			if id == dead {
				e["event_time"] = 1
			}
			events, more = slices.Insert(events, i*10, e), append(more, id)
		}
		events = append(events, events[len(events)-1]) // one is a duplicate
		if status, answer := s.postGraph(shopID, events...); status != 200 {
			t.Fatalf("answer: %d %s", status, answer)
		}
		ids = append(ids, more...)
		l.kill()
		l.start()
		if round%2 == 0 {
			l.upToDate()
		}
	}
	s.waitFates(time.Minute, ids)
	s.control(http.MethodPut, "/_sandbox/faults", `[]`)
	if out, errs, code := run(t, time.Minute, "omnicapi", "deadletters", "replay", "-c", s.config, "--event-id", refused); code != 0 {
		t.Fatalf("replay: exit %d\n%s%s", code, out, errs)
	}
	s.ends(refused, "dead refused, delivered, replayed")
	eventually(t, time.Minute, "the duplicates", func() (bool, string) {
		n := 0
		for _, fates := range s.fates() {
			n += len(fates)
		}
		return n == len(ids)+5+2, strconv.Itoa(n) // each once, five duplicates, the replay and what became of it
	})
	l.kill()
	l.start()
	l.upToDate()

	fresh := s.startLedger("fresh")
	fresh.upToDate()
	got := l.books()
	if diff := cmp.Diff(fresh.books(), got); diff != "" {
		t.Errorf("books (-fresh +killed):\n%s", diff)
	}
	rows, _ := json.Marshal(got[""])
	want := fmt.Sprintf(`"events":%d,"fate":"delivered"`, len(ids)-1) // but for the one that is too old
	if !strings.Contains(string(rows), want) || !strings.Contains(string(rows), `"reason":"duplicate"`) || !strings.Contains(string(rows), `"USD":`) {
		t.Errorf("books: %s, want %s", rows, want)
	}
	for _, id := range ids {
		if diff := cmp.Diff(fresh.event(id), l.event(id), cmp.AllowUnexported(trace.Trace{})); diff != "" {
			t.Errorf("%s (-fresh +killed):\n%s", id, diff)
		}
	}
	for _, id := range []string{refused, dead, hostile, ids[0], ids[100]} {
		if diff := cmp.Diff(withoutStored(s.traced(id)), l.event(id).Events, cmp.AllowUnexported(trace.Trace{})); diff != "" {
			t.Errorf("%s (-trace +ledger):\n%s", id, diff)
		}
	}
	if f := l.event(refused); len(f.Letters) != 1 || f.Letters[0].Reason != "refused" || f.Events[0].Fate != "delivered" {
		t.Errorf("%+v", f)
	}
	byTrace := l.event(ids[0]).Events[0].FBTraceID
	if status, text := l.ask("/events?fbtrace_id="+url.QueryEscape(byTrace), nil); status != 200 || !strings.Contains(text, `"`+ids[0]+`"`) {
		t.Errorf("fbtrace %q: %d %s", byTrace, status, text)
	}
	if status, text := l.ask("/events/nobody", nil); status != 404 || !strings.Contains(text, "is the id right") {
		t.Errorf("an unknown id: %d %s", status, text)
	}
	l.isClean(ids)

	fresh.stop(time.Minute)
	if err := os.RemoveAll(l.dir); err != nil {
		t.Fatal(err)
	}
	s.waitReady()
	if status, answer := s.postGraph(shopID, purchase("afterwards")); status != 200 {
		t.Fatalf("answer: %d %s", status, answer)
	}
	s.ends("afterwards", "delivered")
}

// isClean stops the ledger, and looks for personal data and tokens in all that it wrote and said.
func (l *ledger) isClean(ids []string) {
	t := l.s.t
	t.Helper()
	places := map[string]string{}
	for _, id := range ids {
		_, text := l.ask("/events/"+url.PathEscape(id), nil)
		places["answers"] += text
	}
	_, places["status"] = l.ask("/status", nil)
	_, places["books"] = l.ask("/books?by=event", nil)
	_, places["metrics"] = get(t, "http://"+l.admin+"/metrics")
	if !strings.Contains(places["metrics"], `omnicapi_ledger_records_total{result="read",topic="outcomes"}`) {
		t.Error("no metric of what was read")
	}
	l.stop(time.Minute)
	places["log"] = l.log.text()
	files := 0
	err := filepath.WalkDir(l.dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v", path, info.Mode())
		}
		b, err := os.ReadFile(path)
		places[path] = string(b)
		files++
		return err
	})
	if err != nil || files < 3 {
		t.Errorf("%d files, %v", files, err)
	}
	for place, text := range places {
		for _, c := range canaries {
			for form, needle := range forms(c) {
				if strings.Contains(text, needle) {
					t.Errorf("%s: %s of canary %q", place, form, c)
				}
			}
		}
	}
}
