package hubspot

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/pkg/format/receive/receivetest"
)

// TestHubSpotNames: a stage is spelt in the id; a value that may be personal is not, and a repeat (another attemptNumber,
// another eventId) has the same id.
func TestHubSpotNames(t *testing.T) {
	name := func(change string) receive.Item {
		in := &receive.Input{Request: httptest.NewRequest(http.MethodPost, "/", nil), Body: []byte(change), Answer: receive.Hook{}, Limits: receive.Limits{MaxEvent: 1 << 10}}
		var b receive.Batch
		if r := (Receiver{}).Split(in, &b); r != nil {
			t.Fatal(r.Detail)
		}
		if r := receive.Name(Receiver{}, in, &b, "hubspot", receivetest.Arrival); r != nil || b.Claim.Key != "1" {
			t.Fatal(r, b.Claim.Key)
		}
		return b.Items[0]
	}
	const change = `{"portalId":1,"objectId":9007199254740993,"occurredAt":1795426200741,"subscriptionType":"contact.propertyChange","attemptNumber":0,"eventId":1,`
	stage := name(change + `"propertyName":"lifecyclestage","propertyValue":"lead"}`)
	if string(stage.ID) != "hubspot-1-9007199254740993-lifecyclestage-lead-1795426200741" {
		t.Errorf("id %s", stage.ID)
	}
	mail := name(change + `"propertyName":"email","propertyValue":"jane.doe@example.com"}`)
	again := name(strings.NewReplacer(`"attemptNumber":0`, `"attemptNumber":3`, `"eventId":1`, `"eventId":2`).Replace(
		change + `"propertyName":"email","propertyValue":"jane.doe@example.com"}`))
	if len(mail.ID) != receive.HexSize || string(mail.ID) != string(again.ID) {
		t.Errorf("ids %s, %s", mail.ID, again.ID)
	}
	if string(mail.Key) != string(stage.Key) {
		t.Error("two changes of one contact have two keys")
	}
	for what, change := range map[string]string{
		"a long stage":   change + `"propertyName":"dealstage","propertyValue":"` + strings.Repeat("x", receive.MaxEventID) + `"}`,
		"an association": `{"portalId":1,"subscriptionType":"contact.associationChange","fromObjectId":1,"toObjectId":2,"occurredAt":1795426200741,"attemptNumber":0,"eventId":1}`,
	} {
		first, again := name(change), name(strings.Replace(change, `"attemptNumber":0`, `"attemptNumber":1`, 1))
		if len(first.ID) != receive.HexSize || string(first.ID) != string(again.ID) {
			t.Errorf("%s makes the ids %s, %s", what, first.ID, again.ID)
		}
	}
}

// TestHubSpotPortals: changes of two portals belong to neither one's source.
func TestHubSpotPortals(t *testing.T) {
	for body, want := range map[string]string{
		`[{"portalId":1},{"portalId":"1"},{}]`: "1",
		`[{"portalId":1},{"portalId":2}]`:      receive.SeveralKeys,
		`[]`:                                   "",
	} {
		in := &receive.Input{Request: httptest.NewRequest(http.MethodPost, "/", nil), Body: []byte(body)}
		var b receive.Batch
		if r := (Receiver{}).Split(in, &b); r != nil || b.Claim.Key != want || Format.Signature == nil {
			t.Errorf("%s: %v, key %q, want %q", body, r, b.Claim.Key, want)
		}
	}
}

func FuzzReceive(f *testing.F) {
	for _, seed := range []string{
		`[{"eventId":3816279340,"portalId":12345678,"occurredAt":1795426200741,"subscriptionType":"contact.propertyChange","objectId":65059681032,"propertyName":"lifecyclestage","propertyValue":"marketingqualifiedlead"}]`,
		`[{"objectId":"x","propertyName":7,"propertyValue":null},7,null,[]]`, `{"portalId":{}}`, `""`, ``,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		receivetest.Decode(t, Receiver{}, receive.Hook{}, body, "application/json", nil)
	})
}
