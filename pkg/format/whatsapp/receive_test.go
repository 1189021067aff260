package whatsapp

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/omnicapi/omnicapi/pkg/format/dialect/metahook"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/pkg/format/receive/receivetest"
)

// TestWhatsAppCounts: statuses, errors, plain messages and other fields are counted, one by one, and not stored.
func TestWhatsAppCounts(t *testing.T) {
	for _, c := range []struct {
		value          string
		ignored, items int
	}{
		{`"field":"messages","value":{"statuses":[{},{},{}]}`, 3, 0},
		{`"field":"messages","value":{"errors":[{}],"messages":[{"id":"a"},{"id":"b","referral":null}]}`, 3, 0},
		{`"field":"messages","value":{"messages":[{"id":"a","referral":{}},{"id":"b"}],"statuses":[{}]}`, 2, 1},
		{`"field":"messages","value":{}`, 1, 0},
		{`"field":"messages"`, 1, 0},
		{`"field":"automatic_events","value":{"automatic_events":[{"id":"a"},null]}`, 0, 2},
		{`"field":"automatic_events","value":7`, 1, 0},
		{`"field":"account_update","value":{"messages":[{"referral":{}}]}`, 1, 0},
		{`"value":{}`, 1, 0},
	} {
		in := &receive.Input{Request: httptest.NewRequest(http.MethodPost, "/", nil), Body: []byte(`{"entry":[{"id":"1","changes":[{` + c.value + `}]}]}`)}
		var b receive.Batch
		if r := (Receiver{}).Split(in, &b); r != nil {
			t.Fatalf("%s: %s", c.value, r.Detail)
		}
		if b.Ignored != c.ignored || len(b.Items) != c.items {
			t.Errorf("%s: ignored %d, items %d", c.value, b.Ignored, len(b.Items))
		}
	}
}

// TestGreetMeta: only the exact verify token of one of the sources is answered with the challenge.
func TestGreetMeta(t *testing.T) {
	for query, want := range map[string]int{
		"hub.mode=subscribe&hub.challenge=1&hub.verify_token=":  403,
		"hub.mode=subscribe&hub.challenge=1&hub.verify_token=x": 403,
		"": 403,
		"hub.mode=subscribe&hub.challenge=1&hub.verify_token=right": 200,
		"hub.mode=subscribe&hub.verify_token=right":                 403,
	} {
		var reply receive.Reply
		in := &receive.Input{Request: httptest.NewRequest(http.MethodGet, "/?"+query, nil)}
		if !metahook.Greet(in, receivetest.Candidates{Token: "right"}, &reply) || reply.Status != want {
			t.Errorf("%q: %d", query, reply.Status)
		}
	}
	if metahook.Greet(&receive.Input{Request: httptest.NewRequest(http.MethodPost, "/?hub.mode=subscribe", nil)}, nil, &receive.Reply{}) {
		t.Error("a POST is greeted")
	}
}

func FuzzReceive(f *testing.F) {
	for _, seed := range []string{
		`{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"messages","value":{"metadata":{"phone_number_id":"2"},"contacts":[{"wa_id":"3","user_id":"US.4"}],"messages":[{"from":"3","id":"wamid.x","timestamp":"1795426200","referral":{"ctwa_clid":"A\u0041"}}]}}]}]}`,
		`{"entry":[{"changes":[{"field":"messages","value":{"statuses":[{}],"messages":[{"referral":{}},{"from_user_id":7,"referral":{"a":[]}}],"contacts":[{"user_id":7},0]}}]}]}`,
		`{"entry":[{"id":1,"changes":[{"field":"automatic_events","value":{"automatic_events":[{"id":"a","event_name":"Purchase"},7,null]}}]}]}`,
		`{"entry":{}}`, `[]`, ``, `{"entry":[1,{"changes":7},{"changes":[7]}]}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		receivetest.Decode(t, Receiver{}, receive.Hook{}, body, "application/json", nil)
	})
}

// TestWhatsAppRepeatsLittle: what each item repeats is bounded, since the body is read before its signature is judged.
func TestWhatsAppRepeatsLittle(t *testing.T) {
	big := `{"x":"` + strings.Repeat("x", receive.MaxContext) + `"}`
	for name, change := range map[string]string{
		"messages":  `"field":"messages","value":{"metadata":` + big + `,"messages":[{"referral":{}},{"referral":{}}]}`,
		"contact":   `"field":"messages","value":{"contacts":[{"wa_id":"1","x":` + big + `}],"messages":[{"from":"1","referral":{}}]}`,
		"automatic": `"field":"automatic_events","value":{"metadata":` + big + `,"automatic_events":[{},{}]}`,
	} {
		body := `{"entry":[{"id":"1","changes":[{` + change + `}]}]}`
		in := &receive.Input{Request: httptest.NewRequest(http.MethodPost, "/", nil), Body: []byte(body), Answer: receive.Hook{}}
		var b receive.Batch
		if r := (Receiver{}).Split(in, &b); r == nil || r.Kind != receive.TooLarge || len(b.Items) > 0 {
			t.Errorf("%s: %v, %d items", name, r, len(b.Items))
		}
	}
}
