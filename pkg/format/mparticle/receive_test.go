package mparticle

import (
	"strings"
	"testing"

	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/pkg/format/receive/receivetest"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

const mParticleBody = `{"mpid":7,"api_key":"K","user_identities":{"customer_id":"cust-77"},"user_attributes":{"$zip":"94105","own":"x"},"device_info":{"platform":"iOS","is_dst":true},"events":[{"event_type":"commerce_event","data":{"event_id":9007199254740993,"source_message_id":"s-1","timestamp_unixtime_ms":1795426080000,"product_action":{"action":"purchase"}}},7]}`

// TestMParticleShares: each event goes with its own batch, of which only what is known to be of use is kept.
func TestMParticleShares(t *testing.T) {
	body := `[` + mParticleBody + `,{"mpid":8,"events":[{"event_type":"screen_view","data":{"event_id":2}}]},{"user_identities":{"email":"a@example.com"}},{}]`
	in := &receive.Input{Body: []byte(body), Answer: Format.Answer, Limits: receive.Limits{MaxEvent: 1 << 16}}
	var b receive.Batch
	if refusal := (Receiver{}).Split(in, &b); refusal != nil {
		t.Fatal(refusal)
	}
	if refusal := receive.Name(Receiver{}, in, &b, "source", receivetest.Arrival); refusal != nil {
		t.Fatal(refusal)
	}
	const first = `{"mpid":7,"user_identities":{"customer_id":"cust-77"},"user_attributes":{"$zip":"94105"},"device_info":{"platform":"iOS"}}`
	for i, want := range []struct{ batch, id string }{{first, "s-1"}, {first, ""}, {`{"mpid":8}`, "2"}, {`{"user_identities":{"email":"a@example.com"}}`, ""}} {
		if got := string(jsonscan.Get(b.Items[i].Value, "batch")); got != want.batch {
			t.Errorf("item %d: %s", i, got)
		}
		if want.id != "" && string(b.Items[i].ID) != want.id {
			t.Errorf("item %d: id %s", i, b.Items[i].ID)
		}
	}
	if len(b.Items) != 4 {
		t.Errorf("%d items", len(b.Items))
	}
	in.Body = []byte(`{"user_identities":{"other":"` + strings.Repeat("x", receive.MaxContext) + `"},"events":[{}]}`)
	b.Reset()
	if refusal := (Receiver{}).Split(in, &b); refusal == nil || refusal.Kind != receive.TooLarge {
		t.Errorf("a batch that says too much: %v", refusal)
	}
}

func FuzzReceive(f *testing.F) {
	for _, seed := range []string{mParticleBody, `[` + mParticleBody + `,{}]`, `{"events":{}}`, `{"events":[null],"user_attributes":7,"mpid":null}`, `[7]`, `""`, ``} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		receivetest.Decode(t, Receiver{}, Format.Answer, body, "application/json", nil)
	})
}
