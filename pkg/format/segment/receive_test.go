package segment

import (
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/pkg/format/receive/receivetest"
)

// TestWriteKey: where the write key is looked for, and that it, its id or its secret must be the source's.
func TestWriteKey(t *testing.T) {
	basic := func(text string) string { return "Basic " + base64.StdEncoding.EncodeToString([]byte(text)) }
	for name, c := range map[string]struct {
		header, value, query, body string
		key                        string
		secret                     string
		holds                      bool
	}{
		"basic":                   {"Authorization", basic("WK:"), "", `{}`, "WK", "WK", true},
		"basic with a password":   {"Authorization", basic("WK:pw"), "", `{}`, "WK", "pw", true},
		"basic, another":          {"Authorization", basic("WK:"), "", `{}`, "WK", "OTHER", false},
		"jitsu, whole":            {"X-Write-Key", "id:sec", "", `{}`, "id", "id:sec", true},
		"jitsu, id":               {"X-Write-Key", "id:sec", "", `{}`, "id", "id", true},
		"jitsu, secret":           {"X-Write-Key", "id:sec", "", `{}`, "id", "sec", true},
		"jitsu, another":          {"X-Write-Key", "id:sec", "", `{}`, "id", "id:se", false},
		"header before body":      {"X-Write-Key", "id:sec", "", `{"writeKey":"id:***"}`, "id", "sec", true},
		"header before query":     {"X-Write-Key", "id:sec", "writeKey=other", `{}`, "id", "sec", true},
		"query":                   {"", "", "writeKey=WK", `{"writeKey":"other"}`, "WK", "WK", true},
		"body":                    {"", "", "", `{"writeKey":"WK"}`, "WK", "WK", true},
		"body, masked":            {"", "", "", `{"writeKey":"WK:***"}`, "WK", "sec", false},
		"bearer is no write key":  {"Authorization", "Bearer WK", "", `{"writeKey":"other"}`, "other", "WK", false},
		"an empty secret is none": {"X-Write-Key", "id", "", `{}`, "id", "", false},
	} {
		t.Run(name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodPost, "/v1/track?"+c.query, nil)
			if c.header != "" {
				r.Header.Set(c.header, c.value)
			}
			b := receive.Batch{Claim: Receiver{}.Claim(r)}
			if refusal := (Receiver{}).Split(&receive.Input{Request: r, Body: []byte(c.body)}, &b); refusal != nil {
				t.Fatal(refusal)
			}
			if b.Claim.Key != c.key {
				t.Errorf("key %q", b.Claim.Key)
			}
			if got := b.Claim.Proof.Holds(c.secret, receive.Terms{}); got != c.holds {
				t.Errorf("holds: %v", got)
			}
		})
	}
	if c := (Receiver{}).Claim(httptest.NewRequest(http.MethodPost, "/v1/track", nil)); c.Proof != nil || !(Receiver{}).BodyClaims(c) {
		t.Error("a head without a key claims")
	}
}

func FuzzReceive(f *testing.F) {
	for _, seed := range []string{
		`{"batch":[{"type":"track","event":"Order Completed","userId":"cust-77","messageId":"m-1","timestamp":"2026-11-23T09:30:00.000Z","properties":{"order_id":"10001"}},7,null],"context":{"ip":"203.0.113.24"},"integrations":{"All":false},"sentAt":"2026-11-23T09:30:01.000Z","writeKey":"WK_TEST"}`,
		`{"type":"track","event":"Lead","anonymousId":"a","properties":{"event_id":"e"},"writeKey":"WK_TEST:***"}`,
		`{"batch":{}}`, `{"batch":[]}`, `[]`, `{"userId":7,"event":null}`, ``,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		receivetest.Decode(t, Receiver{}, Format.Answer, body, "text/plain", nil)
	})
}
