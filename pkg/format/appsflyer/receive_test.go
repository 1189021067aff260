package appsflyer

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"

	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/pkg/format/receive/receivetest"
)

// TestAnyHeaderHolds: the secret is the value of a header of the advertiser's choice, and of no other header.
func TestAnyHeaderHolds(t *testing.T) {
	for name, c := range map[string]struct {
		header, value, secret string
		holds                 bool
	}{
		"authorization":           {"Authorization", "s3cret", "s3cret", true},
		"bearer in the header":    {"Authorization", "Bearer s3cret", "s3cret", true},
		"bearer in the file":      {"Authorization", "s3cret", "Bearer s3cret", true},
		"bearer in both":          {"Authorization", "Bearer s3cret", "Bearer s3cret", true},
		"another scheme is whole": {"Authorization", "Basic s3cret", "Basic s3cret", true},
		"its own name":            {"X-Af-Token", "s3cret", "s3cret", true},
		"another value":           {"X-Af-Token", "s3cre", "s3cret", false},
		"another header":          {"User-Agent", "s3cret", "s3cret", false},
		"an empty secret":         {"X-Af-Token", "", "", false},
	} {
		r := httptest.NewRequest(http.MethodPost, "/", nil)
		r.Header.Set("X-Forwarded-For", "203.0.113.24")
		r.Header.Set(c.header, c.value)
		if got := (Receiver{}).Claim(r).Proof.Holds(c.secret, receive.Terms{}); got != c.holds {
			t.Errorf("%s: %v", name, got)
		}
	}
	r := httptest.NewRequest(http.MethodPost, "/?source=app", nil)
	if c := (Receiver{}).Claim(r); c.Proof != nil || c.Name != "app" {
		t.Errorf("a request without headers claims %+v", c)
	}
	for i := range 2 * maxHeaders {
		r.Header.Set("X-"+strconv.Itoa(i), "v")
	}
	if got := len(anyHeader(r.Header)); got != maxHeaders {
		t.Errorf("%d headers are compared", got)
	}
}

const appsFlyerBody = `{"event_name":"af_purchase","event_time":"2026-11-23 09:30:00.000","event_value":"{\"af_order_id\":\"10002\"}","appsflyer_id":"1547985076649-5309999","customer_user_id":"cust-77"}`

// TestAppsFlyerID: the id is AppsFlyer's install, name, time and order, however the event comes.
func TestAppsFlyerID(t *testing.T) {
	const want = "appsflyer-e4ec37a7a4abe0554b7db2e21a61a39f"
	query := "event_name=af_purchase&event_time=2026-11-23+09%3A30%3A00.000&event_value=%7B%22af_receipt_id%22%3A%2210002%22%7D&appsflyer_id=1547985076649-5309999&source=app"
	for name, c := range map[string]struct{ body, query string }{
		"json":   {appsFlyerBody, ""},
		"query":  {"", query},
		"form":   {query, ""},
		"object": {`{"event_name":"af_purchase","event_time":"2026-11-23 09:30:00.000","event_value":{"af_order_id":10002},"appsflyer_id":"1547985076649-5309999"}`, ""},
	} {
		r := httptest.NewRequest(http.MethodPost, "/?"+c.query, nil)
		in := &receive.Input{Request: r, Body: []byte(c.body), Answer: Format.Answer, Limits: receive.Limits{MaxEvent: 1 << 16}}
		var b receive.Batch
		if refusal := (Receiver{}).Split(in, &b); refusal != nil {
			t.Fatal(refusal)
		}
		if refusal := receive.Name(Receiver{}, in, &b, "source", receivetest.Arrival); refusal != nil {
			t.Fatal(refusal)
		}
		if len(b.Items) != 1 || string(b.Items[0].ID) != want {
			t.Errorf("%s: %d items, the first %q", name, len(b.Items), b.Items[0].ID)
		}
	}
}

func FuzzReceive(f *testing.F) {
	for _, seed := range [][2]string{
		{appsFlyerBody, ""},
		{`[` + appsFlyerBody + `,7]`, ""},
		{"", "event_name=af_purchase&event_time=2026&appsflyer_id=1&event_value=%7B"},
		{`{"event_value":"{","event_name":7}`, "a=1"},
		{"event_name=x&event_name=y", ""},
	} {
		f.Add([]byte(seed[0]), seed[1])
	}
	f.Fuzz(func(t *testing.T, body []byte, query string) {
		receivetest.Decode(t, Receiver{}, Format.Answer, body, "application/json", nil, ":query", query)
	})
}
