package capi

import (
	"net/http/httptest"
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/pkg/format/receive/receivetest"
)

// idAndKey returns the id and key of one event.
func idAndKey(t *testing.T, source, item string, at time.Time) (string, string) {
	t.Helper()
	in := &receive.Input{Request: httptest.NewRequest("POST", "/", nil), Answer: Answer{}, Limits: receive.Limits{MaxEvent: 1 << 16}}
	b := receive.Batch{Items: []receive.Item{{Value: []byte(item)}}}
	if r := receive.Name(Receiver{}, in, &b, source, at); r != nil {
		t.Fatal(r)
	}
	return string(b.Items[0].ID), string(b.Items[0].Key)
}

// TestEventID: the sender's own, byte for byte; else one that a repeat gets again and another event does not.
func TestEventID(t *testing.T) {
	later := receivetest.Arrival.Add(time.Minute)
	if got, key := idAndKey(t, "s", `{"event_id":" Ä-1\u0041","event_name":"x"}`, receivetest.Arrival); got != " Ä-1A" || key != got {
		t.Errorf("own id %q, key %q", got, key)
	}
	base := `{"event_name":"x","event_time":1,"custom_data":{"order_id":"7"}}`
	tests := []struct {
		name, a, b, sourceB string
		at                  time.Time
		same                bool
	}{
		{"order and name", base, `{"event_name":"x","event_time":2,"custom_data":{"order_id":7,"value":1}}`, "s", later, true},
		{"other order", base, `{"event_name":"x","event_time":1,"custom_data":{"order_id":"8"}}`, "s", receivetest.Arrival, false},
		{"other name", base, `{"event_name":"y","event_time":1,"custom_data":{"order_id":"7"}}`, "s", receivetest.Arrival, false},
		{"other source", base, base, "s2", receivetest.Arrival, false},
		{"same bytes", `{"event_name":"x","event_time":1}`, `{"event_name":"x","event_time":1}`, "s", later, true},
		{"other bytes", `{"event_name":"x","event_time":1}`, `{"event_name":"x","event_time":2}`, "s", receivetest.Arrival, false},
		{"no order", `{"event_name":"x","event_time":1,"order_id":0}`, `{"event_name":"x","event_time":2,"order_id":0}`, "s", receivetest.Arrival, false},
		{"no time, in words", `{"event_name":"x","event_time":""}`, `{"event_name":"x","event_time":""}`, "s", later, false},
		{"no time, same minute", `{"event_name":"x"}`, `{"event_name":"x"}`, "s", receivetest.Arrival.Add(59 * time.Second), true},
		{"no time, next minute", `{"event_name":"x"}`, `{"event_name":"x"}`, "s", later, false},
		{"empty id is none", `{"event_id":" ","event_name":"x","event_time":1}`, `{"event_id":" ","event_name":"x","event_time":1}`, "s", later, true},
	}
	for _, tt := range tests {
		a, _ := idAndKey(t, "s", tt.a, receivetest.Arrival)
		b, _ := idAndKey(t, tt.sourceB, tt.b, tt.at)
		if (a == b) != tt.same || len(a) != receive.HexSize {
			t.Errorf("%s: %s, %s", tt.name, a, b)
		}
	}
}

// TestKey: one person's events share a key, whatever else they say.
func TestKey(t *testing.T) {
	_, a := idAndKey(t, "s", `{"event_name":"x","user_data":{"em":"e","external_id":["c"]}}`, receivetest.Arrival)
	_, b := idAndKey(t, "s2", `{"event_name":"y","user_data":{"external_id":"c","ph":"1"}}`, receivetest.Arrival)
	_, c := idAndKey(t, "s", `{"event_name":"x","user_data":{"em":"e"}}`, receivetest.Arrival)
	if a != b || a == c || len(a) != receive.HexSize {
		t.Errorf("keys %s, %s, %s", a, b, c)
	}
}
