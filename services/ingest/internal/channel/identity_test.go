package channel

import (
	"net/http/httptest"
	"testing"
	"time"
)

// id returns the id and key of one event.
func id(t *testing.T, source, item string, at time.Time) (string, string) {
	t.Helper()
	in := &Input{Request: httptest.NewRequest("POST", "/", nil), Answer: Graph{}, Limits: Limits{MaxEvent: 1 << 16}}
	b := Batch{Items: []Item{{Value: []byte(item)}}}
	if r := Name(CAPI{}, in, &b, source, at); r != nil {
		t.Fatal(r)
	}
	return string(b.Items[0].ID), string(b.Items[0].Key)
}

// TestEventID: the sender's own, byte for byte; else one that a repeat gets again and another event does not.
func TestEventID(t *testing.T) {
	later := arrival.Add(time.Minute)
	if got, key := id(t, "s", `{"event_id":" Ä-1\u0041","event_name":"x"}`, arrival); got != " Ä-1A" || key != got {
		t.Errorf("own id %q, key %q", got, key)
	}
	base := `{"event_name":"x","event_time":1,"custom_data":{"order_id":"7"}}`
	tests := []struct {
		name, a, b, sourceB string
		at                  time.Time
		same                bool
	}{
		{"order and name", base, `{"event_name":"x","event_time":2,"custom_data":{"order_id":7,"value":1}}`, "s", later, true},
		{"other order", base, `{"event_name":"x","event_time":1,"custom_data":{"order_id":"8"}}`, "s", arrival, false},
		{"other name", base, `{"event_name":"y","event_time":1,"custom_data":{"order_id":"7"}}`, "s", arrival, false},
		{"other source", base, base, "s2", arrival, false},
		{"same bytes", `{"event_name":"x","event_time":1}`, `{"event_name":"x","event_time":1}`, "s", later, true},
		{"other bytes", `{"event_name":"x","event_time":1}`, `{"event_name":"x","event_time":2}`, "s", arrival, false},
		{"no order", `{"event_name":"x","event_time":1,"order_id":0}`, `{"event_name":"x","event_time":2,"order_id":0}`, "s", arrival, false},
		{"no time, in words", `{"event_name":"x","event_time":""}`, `{"event_name":"x","event_time":""}`, "s", later, false},
		{"no time, same minute", `{"event_name":"x"}`, `{"event_name":"x"}`, "s", arrival.Add(59 * time.Second), true},
		{"no time, next minute", `{"event_name":"x"}`, `{"event_name":"x"}`, "s", later, false},
		{"empty id is none", `{"event_id":" ","event_name":"x","event_time":1}`, `{"event_id":" ","event_name":"x","event_time":1}`, "s", later, true},
	}
	for _, tt := range tests {
		a, _ := id(t, "s", tt.a, arrival)
		b, _ := id(t, tt.sourceB, tt.b, tt.at)
		if (a == b) != tt.same || len(a) != hexSize {
			t.Errorf("%s: %s, %s", tt.name, a, b)
		}
	}
}

// TestKey: one person's events share a key, whatever else they say.
func TestKey(t *testing.T) {
	_, a := id(t, "s", `{"event_name":"x","user_data":{"em":"e","external_id":["c"]}}`, arrival)
	_, b := id(t, "s2", `{"event_name":"y","user_data":{"external_id":"c","ph":"1"}}`, arrival)
	_, c := id(t, "s", `{"event_name":"x","user_data":{"em":"e"}}`, arrival)
	if a != b || a == c || len(a) != hexSize {
		t.Errorf("keys %s, %s, %s", a, b, c)
	}
}
