package stages

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/pkg/format/receive/receivetest"
)

// TestStageIDs: a lead enters a stage once, however the stage is spaced; "" is no time.
func TestStageIDs(t *testing.T) {
	in := &receive.Input{
		Request: httptest.NewRequest(http.MethodPost, "/", nil), Now: receivetest.Arrival, Answer: receive.Own{}, Limits: receive.Limits{MaxEvent: 1 << 10},
		Body: []byte(`[{"lead_id":"7","stage":" won ","occurred_at":""},{"lead_id":"l:7","stage":"won","occurred_at":"2026-11-23 10:30:00+01:00"},{"lead_id":"7","stage":"won","occurred_at":"soon"}]`),
	}
	var b receive.Batch
	if r := (Receiver{}).Split(in, &b); r != nil {
		t.Fatal(r.Detail)
	}
	if r := receive.Name(Receiver{}, in, &b, "crm", receivetest.Arrival); r != nil || len(b.Items) != 2 || len(b.Rejected) != 1 {
		t.Fatal(r, len(b.Items), b.Rejected)
	}
	for i := range b.Items {
		if id := string(b.Items[i].ID); id != "crm-7-won" {
			t.Errorf("%d: %s", i, id)
		}
	}
	if r := b.Rejected[0]; r.Index != 2 || r.Field != "occurred_at" {
		t.Errorf("rejected: %+v", r)
	}
}

func FuzzReceive(f *testing.F) {
	for _, seed := range []string{
		`{"source":"CRM","changes":[{"lead_id":"1234567890123456","stage":"converted","occurred_at":"2026-11-23T09:30:00Z","contact":{"email":"jane.doe@example.com"}}]}`,
		`[{"stage":"a"},{"stage":7},1,{"lead_id":null,"stage":"x","event_id":"own"}]`,
		`{"stage":"one","contact":{"external_id":["x"]},"access_token":"s"}`, `{"changes":{}}`, `""`, ``,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		receivetest.Decode(t, Receiver{}, receive.Own{}, body, "application/json", nil)
	})
}
