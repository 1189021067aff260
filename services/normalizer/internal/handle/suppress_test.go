package handle_test

import (
	"crypto/sha256"
	"testing"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/suppression"
	"github.com/omnicapi/omnicapi/services/normalizer/internal/handle"
)

func suppress(kind, text string, removed bool) *event.Suppression {
	return &event.Suppression{Kind: kind, Hash: sha256.Sum256([]byte(text)), Removed: removed}
}

// TestSuppressed (F79, T43): the event of a person on the list is dropped by whichever key it is known, before it can become a dead letter
// that has him in clear; that of others, and of one who was taken off, goes on.
func TestSuppressed(t *testing.T) {
	list := suppression.NewList()
	h, s := newHandler(t, at(payloadNow)), handle.NewScratch()
	h.Suppress(list)
	list.Apply(suppress("em", "jane.doe@example.com", false))
	list.Apply(suppress("ph", "14155550123", false))
	list.Apply(suppress("external_id", "cust-77", false))
	list.Apply(suppress("em", "back@example.com", false))
	list.Apply(suppress("em", "back@example.com", true))
	for item, by := range map[string]string{
		`{"event_name":"Lead","event_time":1795426200,"user_data":{"em":[" Jane.Doe@Example.com"]}}`:                                                     "em",
		`{"event_name":"Lead","event_time":1795426200,"user_data":{"em":["a@b.co","86e0b9e56c17cc4d12387e1949b85053fbe73bc3ce5a1188713a9d300cc6133d"]}}`: "em",
		`{"event_name":"Lead","event_time":1795426200,"user_data":{"em":["a@b.co"],"ph":["+1 (415) 555-0123"]}}`:                                         "ph",
		`{"event_name":"Lead","event_time":1795426200,"user_data":{"external_id":"Cust-77","em":"a@b.co"}}`:                                              "external_id",
		`{"event_name":"Purchase","event_time":1795426200,"user_data":{"em":["jane.doe@example.com"]}}`:                                                  "em", // invalid
		`{"event_name":"Lead","event_time":1795426200,"user_data":{"em":["john.doe@example.com"]}}`:                                                      "",
		`{"event_name":"Lead","event_time":1795426200,"user_data":{"em":["back@example.com"]}}`:                                                          "",
	} {
		s.Begin()
		end := h.Handle(raw("capi", "capi", item), s)
		switch {
		case by == "" && (end != nil || s.Signal.Value == nil):
			t.Errorf("%s ends: %v", item, end)
		case by != "" && (end == nil || end.Reason != fault.Suppressed || end.Detail != by || s.Signal.Value != nil):
			t.Errorf("%s ends %v, want suppressed by %s", item, end, by)
		}
	}
}

// TestSuppressedAllocates: looking a person up costs no allocation.
func TestSuppressedAllocates(t *testing.T) {
	list := suppression.NewList()
	list.Apply(suppress("em", "somebody@else.example.org", false))
	h, s, rec := newHandler(t, at(payloadNow)), handle.NewScratch(), purchaseRecord()
	h.Suppress(list)
	if got := testing.AllocsPerRun(200, func() {
		s.Begin()
		if end := h.Handle(rec, s); end != nil {
			t.Fatal(end)
		}
	}); got > 0 {
		t.Errorf("an event allocates %v times", got)
	}
}
