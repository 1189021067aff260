package e2e

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/omnicapi/omnicapi/pkg/recorded"
)

// TestRequestsArriveAsExpected posts every recorded request, moved to today, and compares its answer, what arrives at the
// sandbox, and how the events that do not arrive end.
func TestRequestsArriveAsExpected(t *testing.T) {
	t.Parallel()
	s := newRecordedStack(t)
	cases, err := recorded.Cases()
	if err != nil {
		t.Fatal(err)
	}
	ended := map[string]int{} // fate and reason, of all cases together
	for _, c := range cases {
		t.Run(c.Format+"/"+c.Name, func(t *testing.T) {
			s.control(http.MethodDelete, "/_sandbox/events", "")
			by := recorded.Until(time.Now())
			s.answersAsRecorded(t, c, by)
			var want []map[string]any
			for _, sig := range signals(t, c) {
				if sig.End != "" {
					ended[strings.SplitN(sig.End, ":", 2)[0]]++
					continue
				}
				var e map[string]any
				decodeJSON(t, string(recorded.Moved(sig.Event, by)), &e)
				want = append(want, e)
			}
			compareArrived(t, want, s.waitArrived(len(want), nil))
		})
	}
	eventually(t, time.Minute, fmt.Sprint("events end as recorded: ", ended), func() (bool, string) {
		got := map[string]int{}
		for _, fates := range s.fates() {
			for _, f := range fates {
				if f.reason != "" {
					got[f.reason]++
				}
			}
		}
		return gocmp.Equal(ended, got), fmt.Sprint(got)
	})
}

func signals(t *testing.T, c recorded.Case) []recorded.Signal {
	t.Helper()
	text, err := c.Read("signals.json")
	if err != nil {
		t.Fatal(err)
	}
	var list []recorded.Signal
	if err := json.Unmarshal(text, &list); err != nil {
		t.Fatal(err)
	}
	return list
}

// changing matches the parts of an answer that differ from run to run: trace ids, ids made of an item's bytes, and times.
var changing = regexp.MustCompile(`"A[\w-]{22}"|\b[0-9a-f]{32}\b|"timestamp":\d+`)

// answersAsRecorded sends a case's request and compares the answer with its golden file.
func (s *stack) answersAsRecorded(t *testing.T, c recorded.Case, by time.Duration) {
	t.Helper()
	r, err := c.Request()
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Move(by, time.Now()); err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(r.URL)
	if err != nil {
		t.Fatal(err)
	}
	status, answer, _ := send(t, r.Method, s.ingestURL+u.RequestURI(), r.Header, string(r.Body))
	golden, err := c.Read("answer")
	if err != nil {
		t.Fatal(err)
	}
	head, body, _ := strings.Cut(string(recorded.Moved(golden, by)), "\n\n")
	if line, _, _ := strings.Cut(head, "\n"); line != strconv.Itoa(status) {
		t.Fatalf("answer: %d %s, want %s", status, answer, line)
	}
	want, got := changing.ReplaceAllString(body, "…"), changing.ReplaceAllString(answer, "…")
	if d := gocmp.Diff(want, got); d != "" {
		t.Errorf("answer (-want +got):\n%s", d)
	}
}

// clocks is how far an event's time may differ from the recorded one: some events have the time of their arrival, others
// are corrected by their sender's clock. The services' own tests compare these times exactly, with golden files.
const clocks = 2 * time.Minute

// compareArrived compares events in any order. It ignores ids that ingest made of the item's bytes, for they differ from
// day to day.
func compareArrived(t *testing.T, want []map[string]any, got []accepted) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%d events arrived, want %d", len(got), len(want))
	}
	events := make([]map[string]any, len(got))
	for i := range got {
		events[i] = got[i].Event
	}
	for _, list := range [][]map[string]any{want, events} {
		slices.SortFunc(list, func(a, b map[string]any) int { return cmp.Compare(sortKey(a), sortKey(b)) })
	}
	for i, w := range want {
		e := events[i]
		if near(w["event_time"], e["event_time"]) {
			sameClick(w, e)
			w["event_time"] = e["event_time"]
		}
		if id, got := fmt.Sprint(w["event_id"]), fmt.Sprint(e["event_id"]); recorded.Unlasting(id) != id && recorded.Unlasting(id) == recorded.Unlasting(got) {
			w["event_id"] = e["event_id"]
		}
		if d := gocmp.Diff(w, e, gocmp.Comparer(sameNumber)); d != "" {
			t.Errorf("event %d (-want +got):\n%s", i, d)
		}
	}
}

func sortKey(e map[string]any) string {
	id := recorded.Unlasting(fmt.Sprint(e["event_id"]))
	custom, _ := json.Marshal(e["custom_data"])
	return fmt.Sprint(e["event_name"], " ", id, " ", string(custom))
}

// near says whether two times differ by no more than clocks do.
func near(a, b any) bool {
	x, errX := strconv.ParseInt(fmt.Sprint(a), 10, 64)
	y, errY := strconv.ParseInt(fmt.Sprint(b), 10, 64)
	return errX == nil && errY == nil && time.Duration(max(x-y, y-x))*time.Second <= clocks
}

// sameClick puts the time of the event that arrived into the wanted fbc, if that was built of the wanted event's time.
func sameClick(want, got map[string]any) {
	user, _ := want["user_data"].(map[string]any)
	if fbc, _ := user["fbc"].(string); fbc != "" {
		user["fbc"] = strings.Replace(fbc, fmt.Sprintf(".%v000.", want["event_time"]), fmt.Sprintf(".%v000.", got["event_time"]), 1)
	}
}
