package pos

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/pkg/format/receive/receivetest"
)

// sold splits and names transactions.
func sold(t *testing.T, body, key string) *receive.Batch {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, "/v1/store/transactions", nil)
	if key != "" {
		r.Header.Set("Idempotency-Key", key)
	}
	in := &receive.Input{Request: r, Body: []byte(body), Answer: receive.Own{}, Limits: receive.Limits{MaxEvent: 64 << 10}, Now: receivetest.Arrival}
	b := &receive.Batch{}
	if refusal := (Receiver{}).Split(in, b); refusal != nil {
		t.Fatal(refusal.Detail)
	}
	if refusal := receive.Name(Receiver{}, in, b, "till", receivetest.Arrival); refusal != nil {
		t.Fatal(refusal.Detail)
	}
	return b
}

// TestPOSIDs: a till's own id, else the request's key and the place in it, else the transaction itself.
func TestPOSIDs(t *testing.T) {
	const body = `[{"customer":{"id":1},"occurred_at":1795426200},{"customer":{"id":1},"occurred_at":1795426200}]`
	id := func(b *receive.Batch, i int) string { return string(b.Items[i].ID) }
	first, again, other := sold(t, body, "k1"), sold(t, body, "k1"), sold(t, body, "k2")
	if id(first, 0) == id(first, 1) || id(first, 1) != id(again, 1) || id(first, 0) == id(other, 0) {
		t.Errorf("ids by key: %q %q %q", id(first, 0), id(again, 1), id(other, 0))
	}
	if bare := sold(t, body, ""); id(bare, 0) != id(bare, 1) {
		t.Error("a transaction without id and key is named by its bytes")
	}
	if own := sold(t, strings.ReplaceAll(body, `"customer"`, `"transaction_id":"T","customer"`), "k1"); id(own, 0) != "T" {
		t.Errorf("own id: %q", id(own, 0))
	}
}

// TestPOSSales: what is a sale to somebody.
func TestPOSSales(t *testing.T) {
	for transaction, want := range map[string]int{
		`{"customer":{"id":1}}`: 1, `{"type":" Sale ","customer":{"id":1}}`: 1, `{"type":null,"customer":{"id":1}}`: 1,
		`{"type":"refund","customer":{"id":1}}`: 0, `{"type":7,"customer":{"id":1}}`: 0, `{"type":"sale"}`: 0, `{"customer":null}`: 0, `{"customer":""}`: 0,
	} {
		in := &receive.Input{Request: httptest.NewRequest(http.MethodPost, "/", nil), Body: []byte("[" + transaction + "]"), Answer: receive.Own{}}
		var b receive.Batch
		if refusal := (Receiver{}).Split(in, &b); refusal != nil || len(b.Items) != want || b.Ignored != 1-want {
			t.Errorf("%s: %v, %s items, %s ignored", transaction, refusal, strconv.Itoa(len(b.Items)), strconv.Itoa(b.Ignored))
		}
	}
}

func FuzzReceive(f *testing.F) {
	for _, seed := range []string{
		`{"store_id":"S","transactions":[{"transaction_id":"1","occurred_at":"2026-11-23T01:30:00-08:00","type":"sale","customer":{"loyalty_id":"L","email":"a@b.c"},"total":"1"},7,{"type":"refund"}]}`,
		`[{"customer":{"id":1},"occurred_at":1}]`, `{"transaction_id":"1","customer":[]}`, `{"transactions":{}}`,
	} {
		f.Add([]byte(seed), "k")
	}
	f.Fuzz(func(t *testing.T, body []byte, key string) {
		receivetest.Decode(t, Receiver{}, receive.Own{}, body, "application/json", nil, "Idempotency-Key", key)
	})
}
