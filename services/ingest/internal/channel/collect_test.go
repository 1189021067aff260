package channel

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
)

// TestCollectVisitors: two visitors who say the same in one minute are two events, a server's repeat from elsewhere is one.
func TestCollectVisitors(t *testing.T) {
	id := func(address, secret string) string {
		in := &Input{
			Request: httptest.NewRequest(http.MethodPost, "/", nil), Client: netip.MustParseAddr(address), Now: arrival,
			Body: []byte(`{"events":[{"event_name":"PageView"}]}`), Answer: Own{}, Limits: Limits{MaxEvent: 1 << 10},
		}
		if secret != "" {
			in.Request.Header.Set("Authorization", "Bearer "+secret)
		}
		var b Batch
		if r := (Collect{}).Split(in, &b); r != nil {
			t.Fatal(r.Detail)
		}
		if r := Name(Collect{}, in, &b, "shop", arrival); r != nil || len(b.Items) != 1 {
			t.Fatal(r, len(b.Items))
		}
		return string(b.Items[0].ID)
	}
	first, again, other := id("203.0.113.7", ""), id("203.0.113.7", ""), id("203.0.113.8", "")
	if first == other {
		t.Error("two visitors are one event")
	}
	if first != again {
		t.Error("a repeat is another event")
	}
	if id("203.0.113.7", "S") != id("203.0.113.8", "S") {
		t.Error("a server's repeat is another event")
	}
}
