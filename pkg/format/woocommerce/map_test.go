package woocommerce

import (
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/format/mapping"
	"github.com/omnicapi/omnicapi/pkg/format/mapping/mappingtest"
	"github.com/omnicapi/omnicapi/pkg/identity"
)

func FuzzMap(f *testing.F) {
	for _, seed := range []string{
		`{"id":1,"status":"completed","date_paid_gmt":"2026-11-23T09:25:00","total":"1.50","line_items":[{"product_id":0,"sku":"x","quantity":1,"price":1.5}],"meta_data":[{"key":"_wc_order_attribution_session_entry","value":"https://a/?fbclid=b"},1]}`,
		`{"status":"processing","date_paid_gmt":7,"billing":[],"meta_data":{}}`, `[]`,
	} {
		f.Add([]byte(`{"topic":"order.updated","site":"https://shop.example.com/"}`), []byte(seed))
	}
	f.Fuzz(func(t *testing.T, context, item []byte) { mappingtest.MapAnything(t, Mapper{}, context, item) })
}

// TestWooOnce: an order is sold when it is paid, and its later updates are no second sale.
func TestWooOnce(t *testing.T) {
	for name, tt := range map[string]struct{ members, want string }{
		"paid":            {`"status":"processing","date_paid_gmt":"2026-11-23T09:00:00","date_modified_gmt":"2026-11-23T09:00:01"`, ""},
		"completed":       {`"status":"completed","date_paid_gmt":"2026-11-23T09:00:00","date_modified_gmt":"2026-11-25T07:59:00"`, ""},
		"much later":      {`"status":"completed","date_paid_gmt":"2026-11-23T09:00:00","date_modified_gmt":"2026-11-25T08:00:01"`, "unmapped: date_modified_gmt"},
		"not modified":    {`"status":"completed","date_paid_gmt":"2026-11-23T09:00:00"`, ""},
		"zone":            {`"status":"completed","date_paid_gmt":"2026-11-23T09:00:00Z"`, ""},
		"on hold":         {`"status":"on-hold","date_paid_gmt":null`, "unmapped: status"},
		"paid when?":      {`"status":"completed","date_paid_gmt":null`, "unmapped: date_paid_gmt"},
		"unreadable time": {`"status":"completed","date_paid_gmt":"soon","date_created_gmt":"2026-11-23T09:00:00"`, ""},
		"created before":  {`"status":"completed","date_paid_gmt":"soon","date_created_gmt":"2026-11-23T09:00:00","date_modified_gmt":"2026-11-25T08:00:01"`, "unmapped: date_modified_gmt"},
		"its arrival":     {`"status":"completed","date_paid_gmt":"soon"`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			var out mapping.Output
			err := Mapper{}.Map(&mapping.Input{Raw: &event.Raw{Context: []byte(`{"topic":"order.updated"}`), Item: []byte(`{"id":1,` + tt.members + `}`), Time: time.Unix(1795424400, 0)}}, &out)
			if got := mappingtest.Ending(err); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
			if err == nil && out.Event.Time != 1795424400 {
				t.Errorf("time %d", out.Event.Time)
			}
		})
	}
}

func TestWooTakesTheFirstThatSays(t *testing.T) {
	const paid = `{"status":"completed","date_paid_gmt":"2026-11-23T09:00:00",`
	for name, tt := range map[string]struct {
		item string
		key  identity.Key
		want string
	}{
		"guest":          {`"customer_id":0}`, identity.ExternalID, ""},
		"customer":       {`"customer_id":25}`, identity.ExternalID, "25"},
		"shipping city":  {`"billing":{"email":"a@example.com","city":""},"shipping":{"city":"Rome"}}`, identity.Ct, "Rome"},
		"own click":      {`"meta_data":[{"key":"_wc_order_attribution_session_entry","value":"https://a/?fbclid=b"},{"key":"_fbc","value":"fb.1.1.a"}]}`, identity.Fbc, "fb.1.1.a"},
		"landing click":  {`"meta_data":[{"key":"_wc_order_attribution_session_entry","value":"https://shop.example.com/?fbclid=b"}]}`, identity.Fbc, "fb.1.1795424400000.b"},
		"British click":  {`"meta_data":[{"key":"_wc_order_attribution_session_entry","value":"https://shop.example.co.uk/?fbclid=b"}]}`, identity.Fbc, "fb.2.1795424400000.b"},
		"shop's address": {`"created_via":"admin","customer_ip_address":"203.0.113.1"}`, identity.ClientIPAddress, ""},
	} {
		t.Run(name, func(t *testing.T) {
			if got := mappingtest.MappedValue(t, Mapper{}, `{"topic":"order.updated"}`, paid+tt.item, tt.key); got != tt.want {
				t.Errorf("%s: %q, want %q", tt.key, got, tt.want)
			}
		})
	}
}
