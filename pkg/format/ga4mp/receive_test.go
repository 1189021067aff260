package ga4mp

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/omnicapi/omnicapi/pkg/format/dialect/google"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/pkg/format/receive/receivetest"
)

// mpIDs are the ids of a request's events.
func mpIDs(t *testing.T, body string, at time.Time) []string {
	t.Helper()
	in := &receive.Input{Request: httptest.NewRequest(http.MethodPost, "/mp/collect", nil), Body: []byte(body), Answer: google.Answer{}, Now: at}
	var b receive.Batch
	if refusal := (Receiver{}).Split(in, &b); refusal != nil {
		t.Fatal(refusal.Detail)
	}
	if refusal := receive.Name(Receiver{}, in, &b, "mp", at); refusal != nil {
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
	own := mpIDs(t, `{"events":[{"name":"a","params":{"transaction_id":"t","event_id":"e"}},{"name":"a","params":{"transaction_id":7}},{"name":"a","params":{"event_id":" "}}]}`, receivetest.Arrival)
	if own[0] != "e" || own[1] != "7" || len(own[2]) != receive.HexSize {
		t.Errorf("own ids: %q", own)
	}
	timed := `{"client_id":"1.2","timestamp_micros":1795426140000000,"events":[{"name":"a"},{"name":"a"}]}`
	first := mpIDs(t, timed, receivetest.Arrival)
	if first[0] == first[1] {
		t.Error("two equal events of a request are one")
	}
	if diff := cmp.Diff(first, mpIDs(t, timed, receivetest.Arrival.Add(time.Hour))); diff != "" {
		t.Errorf("a repeat has other ids: %s", diff)
	}
	for what, body := range map[string]string{
		"client": strings.Replace(timed, "1.2", "1.3", 1), "time": strings.Replace(timed, "140000000", "140000001", 1),
	} {
		if other := mpIDs(t, body, receivetest.Arrival); other[0] == first[0] {
			t.Errorf("another %s has the same id", what)
		}
	}
	untimed := `{"client_id":"1.2","events":[{"name":"a"}]}`
	if mpIDs(t, untimed, receivetest.Arrival)[0] == mpIDs(t, untimed, receivetest.Arrival.Add(time.Minute))[0] {
		t.Error("events of two minutes are one")
	}
}

func FuzzReceive(f *testing.F) {
	for _, seed := range []string{
		`{"client_id":"1.2","user_id":"u","timestamp_micros":1795426200000000,"events":[{"name":"purchase","params":{"transaction_id":"1","items":[{}]}},7]}`,
		`{"app_instance_id":"a","events":[{"name":"a","timestamp_micros":"x","params":{"event_id":"\ud83d\ude00"}}],"api_secret":"s"}`,
		`{"events":{}}`, `{"events":[]}`, `[]`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		receivetest.Decode(t, Receiver{}, google.Answer{}, body, "application/json", nil)
		var reply receive.Reply
		in := &receive.Input{Request: httptest.NewRequest(http.MethodPost, debugPath+"?measurement_id=G", nil), Body: body}
		if !(Receiver{}).Greet(in, receivetest.Candidates{Admitted: true}, &reply) || reply.Status != http.StatusOK || receive.Check(reply.Body, "") != nil {
			t.Errorf("validator: %d %q", reply.Status, reply.Body)
		}
	})
}
