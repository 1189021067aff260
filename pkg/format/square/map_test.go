package square

import (
	"testing"

	"github.com/omnicapi/omnicapi/pkg/format/mapping/mappingtest"
)

// TestSquareAmounts: currencies without minor units, with two and with three places.
func TestSquareAmounts(t *testing.T) {
	for _, c := range []struct{ amount, currency, want string }{
		{"5990", "USD", "59.90"},
		{"5", "EUR", "0.05"},
		{"0", "USD", "0.00"},
		{"6200", "JPY", "6200"},
		{"1", "jpy", "1"},
		{"1500", "KWD", "1.500"},
		{"7", "TND", "0.007"},
		{"-250", "USD", "-2.50"},
		{"100", "", "1.00"},
		{"100", "ISK", "100"},
		{"59.9", "USD", ""},
		{"", "USD", ""},
		{"-", "USD", ""},
		{"1e3", "USD", "10.00"},
		{"1e-3", "USD", ""},
	} {
		if got := mappingtest.MinorText(c.amount, squarePlaces([]byte(c.currency))); got != c.want {
			t.Errorf("%s %s: %q, want %q", c.amount, c.currency, got, c.want)
		}
	}
}

// TestSquareOnce: a payment is sold when its money is taken, and what becomes of it much later is no second sale.
func TestSquareOnce(t *testing.T) {
	for name, c := range map[string]struct{ captured, notified, want string }{
		"at once":           {`"2026-11-20T09:00:00.123Z"`, "2026-11-20T09:00:02.5Z", ""},
		"within two days":   {`"2026-11-20T09:00:00Z"`, "2026-11-22T07:59:59Z", ""},
		"much later":        {`"2026-11-20T09:00:00Z"`, "2026-11-22T08:00:01Z", "unmapped: created_at"},
		"taken when?":       {`null`, "2026-11-29T09:00:00Z", ""}, // a bank takes days to complete it
		"unreadable":        {`"soon"`, "2026-11-29T09:00:00Z", ""},
		"no time of notice": {`"2026-11-20T09:00:00Z"`, "", ""},
		"cash":              {`null,"x":0}},"source_type":"CASH","y":{"z":{"w":0`, "2026-11-29T09:00:00Z", "unmapped: created_at"},
		"a bank's":          {`null,"x":0}},"source_type":"BANK_ACCOUNT","y":{"z":{"w":0`, "2026-11-29T09:00:00Z", ""},
	} {
		_, err := mappingtest.MapOne(Mapper{}, `{"type":"payment.updated","created_at":"`+c.notified+`","data":{"object":{"payment":{"id":"p","created_at":"2026-11-20T08:59:00Z","card_details":{"card_payment_timeline":{"captured_at":`+c.captured+`}}}}}}`, "")
		if got := mappingtest.Ending(err); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func FuzzMap(f *testing.F) {
	for _, seed := range []string{
		`{"type":"payment.updated","created_at":"2026-11-23T09:11:01Z","data":{"object":{"payment":{"id":"p","total_money":{"amount":5990,"currency":"USD"},"customer_id":"c","billing_address":{"locality":"x"},"shipping_address":null,"created_at":1}}}}`,
		`{"type":"customer.created"}`, `{"type":7,"data":{"object":{"payment":[]}}}`, `{"type":"payment.created","data":{"object":{"payment":{"total_money":{"amount":"x","currency":5}}}}}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, item []byte) { mappingtest.MapsAnything(t, Mapper{}, item, nil) })
}
