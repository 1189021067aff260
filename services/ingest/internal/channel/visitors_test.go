package channel

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
)

// TestVisitors: two visitors who say the same in one minute are two events, a server's repeat from elsewhere is one.
func TestVisitors(t *testing.T) {
	for name, c := range map[string]struct {
		format Format
		body   string
		server bool // servers post it, too
	}{
		"collect":         {Collect{}, `{"events":[{"event_name":"PageView"}]}`, true},
		"meta.openbridge": {OpenBridge{}, `{"event_name":"PageView","fb.pixel_id":"1"}`, false},
		"stape":           {Stape{}, `{"event_name":"page_view"}`, true},
		"stape, timed":    {Stape{}, `{"event_name":"page_view","event_time":1795426200}`, true},
	} {
		t.Run(name, func(t *testing.T) {
			id := func(address string, server bool) string {
				in := &Input{
					Request: httptest.NewRequest(http.MethodPost, "/", nil), Client: netip.MustParseAddr(address), Now: arrival, Server: server,
					Body: []byte(c.body), Answer: c.format.Answer(), Limits: Limits{MaxEvent: 1 << 10},
				}
				var b Batch
				if r := c.format.Split(in, &b); r != nil {
					t.Fatal(r.Detail)
				}
				if r := Name(c.format, in, &b, "shop", arrival); r != nil || len(b.Items) != 1 {
					t.Fatal(r, len(b.Items))
				}
				return string(b.Items[0].ID)
			}
			first, again, other := id("203.0.113.7", false), id("203.0.113.7", false), id("203.0.113.8", false)
			if first == other {
				t.Error("two visitors are one event")
			}
			if first != again {
				t.Error("a repeat is another event")
			}
			if c.server && id("203.0.113.7", true) != id("203.0.113.8", true) {
				t.Error("a server's repeat is another event")
			}
		})
	}
}
