package channel

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

// TestStageIDs: a lead enters a stage once, however the stage is spaced; "" is no time.
func TestStageIDs(t *testing.T) {
	in := &Input{
		Request: httptest.NewRequest(http.MethodPost, "/", nil), Now: arrival, Answer: Own{}, Limits: Limits{MaxEvent: 1 << 10},
		Body: []byte(`[{"lead_id":"7","stage":" won ","occurred_at":""},{"lead_id":"l:7","stage":"won","occurred_at":"2026-11-23 10:30:00+01:00"},{"lead_id":"7","stage":"won","occurred_at":"soon"}]`),
	}
	var b Batch
	if r := (Stages{}).Split(in, &b); r != nil {
		t.Fatal(r.Detail)
	}
	if r := Name(Stages{}, in, &b, "crm", arrival); r != nil || len(b.Items) != 2 || len(b.Rejected) != 1 {
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

func FuzzStages(f *testing.F) {
	for _, seed := range []string{
		`{"source":"CRM","changes":[{"lead_id":"1234567890123456","stage":"converted","occurred_at":"2026-11-23T09:30:00Z","contact":{"email":"jane.doe@example.com"}}]}`,
		`[{"stage":"a"},{"stage":7},1,{"lead_id":null,"stage":"x","event_id":"own"}]`,
		`{"stage":"one","contact":{"external_id":["x"]},"access_token":"s"}`, `{"changes":{}}`, `""`, ``,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) { decode(t, Stages{}, Own{}, body, "application/json", nil) })
}
