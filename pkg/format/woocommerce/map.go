package woocommerce

import (
	"time"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/format/mapping"
	"github.com/omnicapi/omnicapi/pkg/identity"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// Mapper maps WooCommerce's orders. The customer's address and agent are in the order; the request's own are the shop's.
type Mapper struct{}

// Map implements mapping.Mapper.
func (Mapper) Map(in *mapping.Input, out *mapping.Output) error {
	var site []byte
	jsonscan.Object(in.Raw.Context, func(key, value []byte) bool {
		switch string(key) {
		case storedTopic:
			out.Event.Name = out.Text(value)
		case storedSite:
			site = out.Text(value)
		}
		return true
	})
	if len(out.Event.Name) == 0 {
		return fault.New(fault.MissingField, "x-wc-webhook-topic")
	}
	switch _, drop, custom := in.MetaName(names, out); {
	case drop:
		return nil
	case custom:
		return fault.New(fault.Unmapped, "x-wc-webhook-topic")
	}
	var o wooOrder
	if !out.Index.Object(in.Raw.Item, func(key, value []byte) bool {
		o.member(out, key, value)
		return true
	}) {
		return fault.New(fault.Undecodable, "item")
	}
	if err := o.paidNow(in, out); err != nil {
		return err
	}
	out.AddScalar(mapping.KeyOrderID, o.id)
	if out.IsFree() && isTrial(out, o.lines) {
		out.BeginsSubscription()
	}
	o.person(out)
	o.visitor(out)
	if len(site) > 0 && string(out.Event.ActionSource) == "website" {
		out.Event.SourceURL = site
	}
	return nil
}

// wooOrder is an order's members, raw.
type wooOrder struct {
	id, status                  []byte
	paid, created, modified     []byte
	customer, billing, shipping []byte
	ip, agent, via, meta, lines []byte
}

func (w *wooOrder) member(out *mapping.Output, key, value []byte) {
	switch string(key) {
	case "id":
		w.id = value
	case "status":
		w.status = value
	case "date_paid_gmt":
		w.paid = value
	case "date_created_gmt":
		w.created = value
	case "date_modified_gmt":
		w.modified = value
	case "customer_id":
		w.customer = value
	case "billing":
		w.billing = value
	case "shipping":
		w.shipping = value
	case "customer_ip_address":
		w.ip = value
	case "customer_user_agent":
		w.agent = value
	case "created_via":
		w.via = value
	case "meta_data":
		w.meta = value
	case "currency":
		out.SetText(&out.Event.Custom.Currency, mapping.FieldCurrency, value)
	case "total":
		out.SetValue(value)
	case "line_items":
		w.lines = value
		out.AddOrderLines(value, wooLine)
	}
}

// wooLine reads a line: the catalog's id is the variation's. product_id is 0 for what is no product.
func wooLine(key []byte, p *mapping.Product, value []byte) {
	switch string(key) {
	case "variation_id":
		p.IDs[0] = value
	case "product_id":
		p.IDs[1] = value
	case "sku":
		p.IDs[2] = value
	case "quantity":
		p.Quantity = value
	case "price":
		p.Price = value
	}
}

// paidNow takes the time of payment as the event's, the order's if that cannot be read; its error says why the order is no sale that happened now.
func (w *wooOrder) paidNow(in *mapping.Input, out *mapping.Output) error {
	if status := string(out.Text(w.status)); status != "processing" && status != "completed" {
		return fault.New(fault.Unmapped, "status")
	}
	if mapping.IsEmpty(w.paid) {
		return fault.New(fault.Unmapped, "date_paid_gmt")
	}
	out.ReadTime(time.UTC, w.paid, w.created)
	out.DefaultTime(in.Raw.Time)
	at, ok := out.InstantOf(time.UTC, w.modified)
	if ok && out.Event.TimeSet && at.Sub(time.Unix(out.Event.Time, 0)) > mapping.SameSale {
		return fault.New(fault.Unmapped, "date_modified_gmt")
	}
	return nil
}

func (w *wooOrder) person(out *mapping.Output) {
	if string(out.Text(w.customer)) != "0" { // a guest
		out.AddUserValue(identity.ExternalID, w.customer)
	}
	bill, ship := out.ReadPlace(w.billing, wooPlace), out.ReadPlace(w.shipping, wooPlace)
	out.AddUserValue(identity.Em, bill.Email)
	out.AddPhone(&bill, &ship)
	out.AddName(&bill, &ship)
	out.AddPlace(mapping.FirstPlace(&bill, &ship))
}

func wooPlace(key []byte, p *mapping.Place, value []byte) {
	switch string(key) {
	case "first_name":
		p.First = value
	case "last_name":
		p.Last = value
	case "email":
		p.Email = value
	case "phone":
		p.Phone = value
	case "city":
		p.City = value
	case "postcode":
		p.Zip = value
	case "state":
		p.State = value
	case "country":
		p.Country = value
	}
}

// visitor takes the customer's browser, unless somebody of the shop, a till, a subscription or another channel has made the
// order.
func (w *wooOrder) visitor(out *mapping.Output) {
	var entry, renewal, made []byte
	out.Event.ActionSource = mapping.SourceWebsite
	out.AddUserValue(identity.ClientIPAddress, w.ip)
	out.AddUserValue(identity.ClientUserAgent, w.agent)
	fbc := false
	out.EachNamed(w.meta, "key", func(key, value []byte) {
		out.ReadWish(key, value)
		switch string(key) {
		case "_wc_order_attribution_session_entry":
			entry = value
		case "_subscription_renewal":
			renewal = value
		case "_wc_order_attribution_source_type":
			made = value
		}
		fbc = out.AddSavedCookie(key, value) || fbc
	})
	where := mapping.MadeAt(out.Text(w.via))
	if where == nil {
		switch string(out.Text(made)) {
		case "admin", "mobile_app": // the shop's own app
			where = mapping.SourceSystem
		case "pos":
			where = mapping.SourceStore
		}
	}
	if of, _ := out.ID(renewal, false); where == nil && of != nil {
		where = mapping.SourceSystem
	}
	switch {
	case where != nil:
		out.NoVisit(where)
	case !fbc:
		out.AddClick(out.Text(entry), nil)
	}
}

// isTrial says whether a subscription with a trial is among the lines: its extension marks them.
func isTrial(out *mapping.Output, lines []byte) bool {
	trial := false
	out.Index.Array(lines, func(line []byte) bool {
		if jsonscan.Kind(line) == 'o' {
			out.EachNamed(jsonscan.Get(line, "meta_data"), "key", func(key, value []byte) {
				trial = trial || string(key) == "_has_trial" && isYes(out.Text(value))
			})
		}
		return !trial
	})
	return trial
}

// isYes reads a flag as PHP writes it.
func isYes(text []byte) bool {
	switch string(text) {
	case "", "0", "no", "false":
		return false
	}
	return true
}
