package woocommerce

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/pkg/format/receive/receivetest"
)

func FuzzReceive(f *testing.F) {
	for _, body := range receivetest.RecordedBodies(f) {
		f.Add(body, "order.created", "https://shop.example.com/")
	}
	f.Add([]byte(`{"id":1,"billing":7}`), "order.updated", "\xff://")
	f.Fuzz(func(t *testing.T, body []byte, topic, site string) {
		receivetest.Decode(t, Receiver{}, receive.Hook{}, body, "application/json", nil, "X-WC-Webhook-Topic", topic, "X-WC-Webhook-Source", site)
	})
}

// TestWooPing: nothing but a webhook's number in a form is answered unsigned.
func TestWooPing(t *testing.T) {
	for body, ping := range map[string]bool{
		"webhook_id=14": true, " webhook_id=1\n": true, "webhook_id=": false, "webhook_id=1&x=2": false, "webhook_id=x": false,
		`{"webhook_id":14}`: false, "": false, "webhook_id=123456789012345678901": false,
	} {
		in := &receive.Input{Request: httptest.NewRequest(http.MethodPost, "/", nil), Body: []byte(body)}
		var reply receive.Reply
		if got := (Receiver{}).Greet(in, nil, &reply); got != ping || ping && reply.Status != http.StatusOK {
			t.Errorf("%q: %v, status %d", body, got, reply.Status)
		}
	}
}
