package handle_test

import (
	"testing"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/services/normalizer/internal/handle"
)

// FuzzHandle: any value ends as exactly one of signal, dead letter and drop, and none panics.
func FuzzHandle(f *testing.F) {
	f.Add(raw("capi", "capi", `{"event_name":"Lead","event_time":1795426200,"user_data":{"em":"a@b.co"}}`).Value)
	f.Add(raw("collect", "collect", `{"event_name":"Lead","user":{"email":["a@b.co",null]},"consent":false}`).Value)
	f.Add(raw("openbridge", "meta.openbridge", `{"event_name":"Microdata"}`).Value)
	f.Add(raw("omni-web", "csv", `{"row":1,"lines":[["Purchase"]]}`).Value)
	f.Add([]byte(`{}`))
	h, s := newHandler(f, at(payloadNow)), handle.NewScratch()
	f.Fuzz(func(t *testing.T, value []byte) {
		s.Begin()
		end := h.Handle(&stream.Record{Topic: names.Events("website"), Value: value}, s)
		switch signal := s.Signal.Value != nil; {
		case end == nil && !signal, end != nil && signal:
			t.Errorf("end %v, signal %v", end, signal)
		case end != nil && (end.Reason == fault.Panic || !end.Reason.Known()):
			t.Errorf("ended by %s", end.Reason)
		}
	})
}
