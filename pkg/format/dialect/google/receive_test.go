package google_test

import (
	"testing"

	"github.com/omnicapi/omnicapi/pkg/format/dialect/google"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
)

// TestIDs: the pixel's id before the event's own, and an order's id wherever it stands.
func TestIDs(t *testing.T) {
	for params, want := range map[string][2]string{
		`{}`:                                                    {},
		`{"event_id":"e","transaction_id":"t"}`:                 {"e", "t"},
		`{"x-fb-event_id":"p","event_id":"e"}`:                  {"p", ""},
		`{"event_id":"e","x-fb-event-id":"p"}`:                  {"p", ""},
		`{"x-fb-event_id":" ","event_id":7}`:                    {"7", ""},
		`{"ecommerce":{"event_id":"n","transaction_id":"t"}}`:   {"n", "t"},
		`{"ecommerce":{"x-fb-event_id":"p"},"event_id":"e"}`:    {"p", ""},
		`{"ecommerce":{"purchase":{"actionField":{"id":"u"}}}}`: {"", "u"},
		`{"ecommerce":{"purchase":{"actionField":{"id":"u"}},"transaction_id":"n"},"transactionId":"c"}`:  {"", "n"},
		`{"ecommerce":{"refund":{"actionField":{"id":"u"}}},"transactionId":"c"}`:                         {"", "c"},
		`{"ecommerce":" {\"purchase\":{\"actionField\":{\"id\":1001}}}"}`:                                 {"", "1001"},
		`{"ecommerce":"{","transaction_id":null}`:                                                         {},
		`{"ecommerce":[{"transaction_id":"t"}]}`:                                                          {},
		`{"transaction_id":"t","ecommerce":{"transaction_id":"n","purchase":{"actionField":{"id":"u"}}}}`: {"", "t"},
	} {
		in := new(receive.Input)
		if own, order := google.IDs(in, []byte(params)); string(own) != want[0] || string(order) != want[1] {
			t.Errorf("%s: %q %q, want %q", params, own, order, want)
		}
	}
}
