package e2e

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/pkg/signature"
)

// janeHash is the SHA-256 of jane.doe@example.com.
const janeHash = "86e0b9e56c17cc4d12387e1949b85053fbe73bc3ce5a1188713a9d300cc6133d"

// TestLeadWaitsAlone: a lead whose answers cannot be read because the page token is wrong waits and holds up no other
// event; with the right token it goes on, with the form's answers among its match keys.
func TestLeadWaitsAlone(t *testing.T) {
	t.Parallel()
	s := newStack(t, `
  leads: {channel: crm, format: meta.leadgen, dataset: shop, secrets: [secrets/api], token_file: secrets/other.token}
  stages: {channel: crm, format: stages, dataset: shop, secrets: [secrets/api]}
`)
	s.control(http.MethodPut, "/_sandbox/tokens", `{"pages":["right-page-token-canary"]}`)
	s.control(http.MethodPut, "/_sandbox/leads", `{"1234567890123456":{"field_data":[{"name":"email","values":["jane.doe@example.com"]}]}}`)
	now := time.Now().Unix()
	hook := fmt.Sprintf(`{"object":"page","entry":[{"id":"153125381133","changes":[{"field":"leadgen","value":{"leadgen_id":"1234567890123456","created_time":%d}}]}]}`, now)
	signed := http.Header{}
	signature.Meta{}.Sign(&signature.Request{Header: signed, Body: []byte(hook)}, apiSecret)
	if status, answer, _ := send(t, http.MethodPost, s.ingestURL+"/v1/crm/meta/webhook", signed, hook); status != 200 {
		t.Fatalf("answer: %d %s", status, answer)
	}
	held := `omnicapi_normalizer_held_records{channel="crm"} `
	eventually(t, time.Minute, "the lead is held", func() (bool, string) {
		_, metrics := get(t, "http://"+s.normalizerAdmin+"/metrics")
		return strings.Contains(metrics, held+"1"), held
	})
	changes, ids := []string{}, []string{}
	for i := range 20 {
		changes = append(changes, fmt.Sprintf(`{"lead_id":"12345678901200%02d","stage":"won","occurred_at":%d}`, i, now))
		ids = append(ids, fmt.Sprintf("crm-12345678901200%02d-won", i))
	}
	body := `{"changes":[` + strings.Join(changes, ",") + `]}`
	if status, answer, _ := send(t, http.MethodPost, s.ingestURL+"/v1/crm/stages", http.Header{"Authorization": {"Bearer " + apiSecret}}, body); status != 202 {
		t.Fatalf("answer: %d %s", status, answer)
	}
	for id, fates := range s.waitFates(time.Minute, ids) {
		if fates[0].fate != "delivered" {
			t.Errorf("%s: %s", id, fates[0])
		}
	}
	if got := s.arrived(url.Values{"event_id": {"leadgen-1234567890123456"}}); len(got) != 0 {
		t.Fatalf("the lead arrived without its answers: %v", got)
	}
	s.write("secrets/other.token", "right-page-token-canary")
	fate := s.waitFates(time.Minute, []string{"leadgen-1234567890123456"})["leadgen-1234567890123456"][0]
	if fate.fate != "delivered" {
		t.Fatalf("the lead: %s", fate)
	}
	_, body = get(t, s.sandboxURL+"/_sandbox/events?event_id=leadgen-1234567890123456")
	if !strings.Contains(body, janeHash) || !strings.Contains(body, `"lead_id":1234567890123456`) {
		t.Errorf("arrived: %s", body)
	}
}
