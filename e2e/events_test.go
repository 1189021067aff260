package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

// purchase returns a small valid server event.
func purchase(id string) map[string]any {
	return map[string]any{
		"event_name": "Purchase", "event_id": id, "event_time": time.Now().Unix(), "action_source": "website",
		"event_source_url": "https://shop.example.com/thanks",
		"user_data":        map[string]any{"em": id + "@example.com", "client_user_agent": "Mozilla/5.0", "client_ip_address": "203.0.113.9"},
		"custom_data":      map[string]any{"value": 10.5, "currency": "USD", "order_id": id},
	}
}

// postGraph posts events as Meta's SDKs do and returns the answer.
func (s *stack) postGraph(dataset string, events ...map[string]any) (status int, answer string) {
	s.t.Helper()
	body, err := json.Marshal(map[string]any{"data": events})
	if err != nil {
		s.t.Fatal(err)
	}
	status, answer, _ = send(s.t, http.MethodPost, s.ingestURL+"/v25.0/"+dataset+"/events",
		http.Header{"Authorization": {"Bearer " + apiSecret}, "Content-Type": {"application/json"}}, string(body))
	return status, answer
}

// take posts events until they are accepted. What is answered 503 is repeated, as senders do: on a busy machine ingest's deadline may
// pass.
func (s *stack) take(dataset string, events ...map[string]any) {
	s.t.Helper()
	eventually(s.t, time.Minute, "the events are accepted", func() (bool, string) {
		status, answer := s.postGraph(dataset, events...)
		if status != http.StatusOK && status != http.StatusServiceUnavailable {
			s.t.Fatalf("answer: %d %s", status, answer)
		}
		return status == http.StatusOK, fmt.Sprint(status, " ", answer)
	})
}

// fates maps each event id to the fates that the outcomes topic records for it.
func (s *stack) fates() map[string][]fate {
	s.t.Helper()
	fates := map[string][]fate{}
	s.scanOutcomes(func(id string, f fate) { fates[id] = append(fates[id], f) })
	return fates
}

// fate is how one event ended.
type fate struct{ fate, reason, detail, fbtrace, trust string }

func (f fate) String() string {
	return strings.Trim(fmt.Sprint(f.fate, " ", f.reason, " ", f.detail), " ")
}

// waitFates waits until every id has a fate.
func (s *stack) waitFates(within time.Duration, ids []string) map[string][]fate {
	s.t.Helper()
	var fates map[string][]fate
	eventually(s.t, within, fmt.Sprintf("a fate for each of %d events", len(ids)), func() (bool, string) {
		fates = s.fates()
		missing := 0
		for _, id := range ids {
			if len(fates[id]) == 0 {
				missing++
			}
		}
		return missing == 0, fmt.Sprintf("%d missing", missing)
	})
	return fates
}

// waitDelivered waits until every id is delivered: that its repeat is dropped may be written before.
func (s *stack) waitDelivered(within time.Duration, ids []string) map[string][]fate {
	s.t.Helper()
	var fates map[string][]fate
	eventually(s.t, within, fmt.Sprintf("each of %d events is delivered", len(ids)), func() (bool, string) {
		fates = s.fates()
		missing := 0
		saw := ""
		for _, id := range ids {
			if !slices.ContainsFunc(fates[id], func(f fate) bool { return f.fate == "delivered" }) {
				missing++
				saw = fmt.Sprint(id, " ", fates[id])
			}
		}
		return missing == 0, fmt.Sprintf("%d are not, such as %s", missing, saw)
	})
	return fates
}

func numbered(t *testing.T, prefix string, n int) (events []map[string]any, ids []string) {
	t.Helper()
	for i := range n {
		id := fmt.Sprintf("%s-%04d", prefix, i)
		events, ids = append(events, purchase(id)), append(ids, id)
	}
	return events, ids
}
