package all_test

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"

	"github.com/omnicapi/omnicapi/pkg/format"
	"github.com/omnicapi/omnicapi/pkg/format/collect"
	"github.com/omnicapi/omnicapi/pkg/format/metaopenbridge"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/pkg/format/receive/receivetest"
	"github.com/omnicapi/omnicapi/pkg/format/stape"
)

// TestVisitors: two visitors who say the same in one minute are two events, a server's repeat from elsewhere is one.
func TestVisitors(t *testing.T) {
	for name, c := range map[string]struct {
		format format.Format
		body   string
		server bool // servers post it, too
	}{
		"collect":         {collect.Format, `{"events":[{"event_name":"PageView"}]}`, true},
		"meta.openbridge": {metaopenbridge.Format, `{"event_name":"PageView","fb.pixel_id":"1"}`, false},
		"stape":           {stape.Format, `{"event_name":"page_view"}`, true},
		"stape, timed":    {stape.Format, `{"event_name":"page_view","event_time":1795426200}`, true},
	} {
		t.Run(name, func(t *testing.T) {
			id := func(address string, server bool) string {
				in := &receive.Input{
					Request: httptest.NewRequest(http.MethodPost, "/", nil), Client: netip.MustParseAddr(address), Now: receivetest.Arrival, Server: server,
					Body: []byte(c.body), Answer: c.format.Answer, Limits: receive.Limits{MaxEvent: 1 << 10},
				}
				var b receive.Batch
				if r := c.format.Receiver.Split(in, &b); r != nil {
					t.Fatal(r.Detail)
				}
				if r := receive.Name(c.format.Receiver, in, &b, "shop", receivetest.Arrival); r != nil || len(b.Items) != 1 {
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
