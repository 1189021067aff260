package channel

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// mpIDs are the ids of a request's events.
func mpIDs(t *testing.T, body string, at time.Time) []string {
	t.Helper()
	in := &Input{Request: httptest.NewRequest(http.MethodPost, "/mp/collect", nil), Body: []byte(body), Answer: Google{}, Now: at}
	var b Batch
	if refusal := (GA4MP{}).Split(in, &b); refusal != nil {
		t.Fatal(refusal.Detail)
	}
	if refusal := Name(GA4MP{}, in, &b, "mp", at); refusal != nil {
		t.Fatal(refusal.Detail)
	}
	var ids []string
	for i := range b.Items {
		ids = append(ids, string(b.Items[i].ID))
	}
	return ids
}

// TestGA4MPIDs: what an event's id depends on.
func TestGA4MPIDs(t *testing.T) {
	own := mpIDs(t, `{"events":[{"name":"a","params":{"transaction_id":"t","event_id":"e"}},{"name":"a","params":{"transaction_id":7}},{"name":"a","params":{"event_id":" "}}]}`, arrival)
	if own[0] != "e" || own[1] != "7" || len(own[2]) != hexSize {
		t.Errorf("own ids: %q", own)
	}
	timed := `{"client_id":"1.2","timestamp_micros":1795426140000000,"events":[{"name":"a"},{"name":"a"}]}`
	first := mpIDs(t, timed, arrival)
	if first[0] == first[1] {
		t.Error("two equal events of a request are one")
	}
	if diff := cmp.Diff(first, mpIDs(t, timed, arrival.Add(time.Hour))); diff != "" {
		t.Errorf("a repeat has other ids: %s", diff)
	}
	for what, body := range map[string]string{
		"client": strings.Replace(timed, "1.2", "1.3", 1), "time": strings.Replace(timed, "140000000", "140000001", 1),
	} {
		if other := mpIDs(t, body, arrival); other[0] == first[0] {
			t.Errorf("another %s has the same id", what)
		}
	}
	untimed := `{"client_id":"1.2","events":[{"name":"a"}]}`
	if mpIDs(t, untimed, arrival)[0] == mpIDs(t, untimed, arrival.Add(time.Minute))[0] {
		t.Error("events of two minutes are one")
	}
}

func FuzzGA4MP(f *testing.F) {
	for _, seed := range []string{
		`{"client_id":"1.2","user_id":"u","timestamp_micros":1795426200000000,"events":[{"name":"purchase","params":{"transaction_id":"1","items":[{}]}},7]}`,
		`{"app_instance_id":"a","events":[{"name":"a","timestamp_micros":"x","params":{"event_id":"\ud83d\ude00"}}],"api_secret":"s"}`,
		`{"events":{}}`, `{"events":[]}`, `[]`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		decode(t, GA4MP{}, Google{}, body, "application/json", nil)
		var reply Reply
		in := &Input{Request: httptest.NewRequest(http.MethodPost, debugPath+"?measurement_id=G", nil), Body: body}
		if !(GA4MP{}).Greet(in, askedFor{admits: true}, &reply) || reply.Status != http.StatusOK || check(reply.Body, "") != nil {
			t.Errorf("validator: %d %q", reply.Status, reply.Body)
		}
	})
}
