package square

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/pkg/format/receive/receivetest"
)

// TestSquareKeeps: which notifications are stored, and under which id.
func TestSquareKeeps(t *testing.T) {
	payment := func(members string) string {
		return `{"merchant_id":" M ","type":"payment.updated","event_id":"e","data":{"object":{"payment":{` + members + `}}}}`
	}
	for body, want := range map[string]string{ // "": counted, not stored; "hash": an id of ours
		payment(`"id":"p","status":"COMPLETED"`):                                               "square-p",
		payment(`"id":"p","status":"COMPLETED","refunded_money":{"amount":0}`):                 "square-p",
		payment(`"id":"p","status":"COMPLETED","refunded_money":{"amount":1}`):                 "",
		payment(`"id":"p","status":"APPROVED"`):                                                "",
		payment(`"id":"p"`):                                                                    "",
		payment(`"status":"COMPLETED"`):                                                        "hash",
		`{"type":"payment.created","data":{"object":{}}}`:                                      "hash",
		`{"type":"payment.created"}`:                                                           "hash",
		`{"type":"customer.created","event_id":"e","data":{"object":{"customer":{"id":"c"}}}}`: "hash",
		`{"type":"refund.updated"}`:                                                            "",
		`{"type":["payment.updated"]}`:                                                         "",
		`{}`:                                                                                   "",
	} {
		in := &receive.Input{Request: httptest.NewRequest(http.MethodPost, "/v1/store/square", nil), Body: []byte(body), Answer: Format.Answer, Now: receivetest.Arrival}
		var b receive.Batch
		if refusal := (Receiver{}).Split(in, &b); refusal != nil {
			t.Fatal(refusal.Detail)
		}
		if refusal := receive.Name(Receiver{}, in, &b, "till", receivetest.Arrival); refusal != nil {
			t.Fatal(refusal.Detail)
		}
		if Format.Signature == nil {
			t.Errorf("%s: no proof is asked for", body)
		}
		got := ""
		if len(b.Items) == 1 {
			if got = string(b.Items[0].ID); len(got) == receive.HexSize {
				got = "hash"
			}
		}
		if got != want || len(b.Items)+b.Ignored != 1 {
			t.Errorf("%s: %q, want %q", body, got, want)
		}
	}
}

// TestSquareMerchant: the merchant is the key.
func TestSquareMerchant(t *testing.T) {
	in := &receive.Input{Request: httptest.NewRequest(http.MethodPost, "/v1/store/square", nil), Body: []byte(`{"merchant_id":" M ","type":"x"}`)}
	var b receive.Batch
	if refusal := (Receiver{}).Split(in, &b); refusal != nil || b.Claim.Key != "M" {
		t.Errorf("%v %q", refusal, b.Claim.Key)
	}
}

func FuzzReceive(f *testing.F) {
	for _, seed := range []string{
		`{"merchant_id":"M","type":"payment.updated","event_id":"e","data":{"object":{"payment":{"id":"p","status":"COMPLETED","customer_id":"c","refunded_money":{"amount":0}}}}}`,
		`{"type":"customer.updated","event_id":7,"data":{"object":{"customer":{"id":["c"]}}}}`, `{"type":"payment.created","data":[]}`, `[]`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		receivetest.Decode(t, Receiver{}, Format.Answer, body, "application/json", nil)
	})
}
