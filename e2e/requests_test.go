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
	s := newRecordedStack(t)
	cases, err := recorded.Cases()
	if err != nil {
		t.Fatal(err)
	}
	ended := map[string]int{} // fate and reason, of all cases together
	for _, c := range cases {
		t.Run(c.Format+"/"+c.Name, func(t *testing.T) {
			s.control(http.MethodDelete, "/_sandbox/events", "")
			days := recorded.Days(time.Now())
			s.answersAsRecorded(t, c, days)
			var want []map[string]any
			for _, sig := range signals(t, c) {
				if sig.End != "" {
					ended[strings.SplitN(sig.End, ":", 2)[0]]++
					continue
				}
				var e map[string]any
				decodeJSON(t, string(recorded.Moved(sig.Event, days)), &e)
				want = append(want, e)
			}
			compareArrived(t, days, want, s.waitArrived(len(want), nil))
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

// changing is what differs from request to request: trace ids, ids made of an item's bytes, and the time of day.
var changing = regexp.MustCompile(`"A[\w-]{22}"|\b[0-9a-f]{32}\b|"timestamp":\d+`)

// answersAsRecorded sends a case's request and compares the answer with its golden file.
func (s *stack) answersAsRecorded(t *testing.T, c recorded.Case, days int) {
	t.Helper()
	r, err := c.Request()
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Move(days, time.Now()); err != nil {
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
	head, body, _ := strings.Cut(string(recorded.Moved(golden, days)), "\n\n")
	if line, _, _ := strings.Cut(head, "\n"); line != strconv.Itoa(status) {
		t.Fatalf("answer: %d %s, want %s", status, answer, line)
	}
	want, got := changing.ReplaceAllString(body, "…"), changing.ReplaceAllString(answer, "…")
	if d := gocmp.Diff(want, got); d != "" {
		t.Errorf("answer (-want +got):\n%s", d)
	}
}

// compareArrived compares events whatever their order. An event without a time of its own happened when it arrived, and
// so did its click; an id that ingest made of the item's bytes is another one on another day.
func compareArrived(t *testing.T, days int, want []map[string]any, got []accepted) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%d events arrived, want %d", len(got), len(want))
	}
	moment := strconv.Itoa(recorded.Moment + days*86400)
	events := make([]map[string]any, len(got))
	for i := range got {
		events[i] = got[i].Event
	}
	for _, list := range [][]map[string]any{want, events} {
		slices.SortFunc(list, func(a, b map[string]any) int { return cmp.Compare(sortKey(a), sortKey(b)) })
	}
	for i, w := range want {
		e := events[i]
		if w["event_time"] == json.Number(moment) && e["event_time"] != w["event_time"] && isNow(e["event_time"]) {
			w["event_time"] = e["event_time"]
			sameClick(w, e, moment)
		}
		if derived(w) && derived(e) {
			w["event_id"] = e["event_id"]
		}
		if d := gocmp.Diff(w, e, gocmp.Comparer(sameNumber)); d != "" {
			t.Errorf("event %d (-want +got):\n%s", i, d)
		}
	}
}

func sortKey(e map[string]any) string {
	id := fmt.Sprint(e["event_id"])
	if derived(e) {
		id = ""
	}
	custom, _ := json.Marshal(e["custom_data"])
	return fmt.Sprint(e["event_name"], " ", id, " ", string(custom))
}

func derived(e map[string]any) bool {
	id, _ := e["event_id"].(string)
	return len(id) == 32 && changing.MatchString(id)
}

// isNow says whether a time lies within the minutes of this test.
func isNow(v any) bool {
	n, ok := v.(json.Number)
	if !ok {
		return false
	}
	sec, err := n.Int64()
	return err == nil && time.Since(time.Unix(sec, 0)).Abs() < 10*time.Minute
}

// sameClick takes the time out of an fbc that was built of the arrival.
func sameClick(want, got map[string]any, moment string) {
	w, _ := want["user_data"].(map[string]any)
	from, _ := w["fbc"].(string)
	if strings.Contains(from, "."+moment+"000.") {
		w["fbc"] = strings.Replace(from, "."+moment+"000.", fmt.Sprintf(".%v000.", got["event_time"]), 1)
	}
}
