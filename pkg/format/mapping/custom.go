package mapping

import (
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// ReadCustom reads custom_data, which may be JSON in a text, or in a list of one. Unknown keys are the sender's own properties:
// raw, in order.
func (o *Output) ReadCustom(obj []byte) {
	if obj = o.embeddedJSON(obj); IsEmpty(obj) { // [] is how PHP writes an empty object
		return
	}
	if jsonscan.Kind(obj) == 'a' {
		obj = o.onlyElement(obj)
	}
	ok := o.Index.Object(obj, func(key, value []byte) bool {
		o.ReadCustomMember(key, value)
		return true
	})
	if !ok {
		o.Drop(FieldCustom, Malformed)
	}
}

// ReadCustomMember reads one member of custom_data by Meta's name of it.
func (o *Output) ReadCustomMember(key, value []byte) {
	c := &o.Event.Custom
	key = o.Key(key)
	switch string(key) {
	case "value":
		o.SetValue(o.onlyElement(value))
	case "currency":
		o.SetText(&c.Currency, FieldCurrency, value)
	case "contents":
		o.ReadContents(value)
	case "content_ids":
		o.AddContentIDs(key, value)
	case "num_items", "predicted_ltv", "net_revenue":
		o.AddNumber(key, value)
	case "order_id", "item_number", "lead_event_source", "event_source", "search_string", "delivery_category":
		o.AddString(key, value)
	default:
		if !o.ReadWish(key, value) {
			o.AddMember(key, value)
		}
	}
}

// AddContentIDs adds a list of products' ids, every one as a string; a bare id is a list of one. The list may be JSON in a text.
// What is no id is dropped by name.
func (o *Output) AddContentIDs(key, value []byte) {
	value = o.embeddedJSON(value)
	switch jsonscan.Kind(value) {
	case 'a':
		if allPlain(value) {
			o.AddMember(key, value)
			return
		}
	case 's', 'n':
		if id, reason := o.ID(value, true); id != nil {
			list := o.List()
			list.AddText(id)
			o.AddMember(key, list.End())
		} else if reason != "" {
			o.Drop(FieldContentIDs, reason)
		}
		return
	}
	if !isList(value) {
		if !IsEmpty(value) {
			o.Drop(FieldContentIDs, Malformed)
		}
		return
	}
	var aside Scratch // the list is being written into the output's
	list := o.List()
	o.eachElement(value, func(v []byte) {
		switch id, reason := aside.ID(v, true); {
		case id != nil:
			list.AddText(id)
		case reason != "":
			o.Drop(FieldContentIDs, reason)
		default:
			o.Drop(FieldContentIDs, Malformed)
		}
	})
	o.AddMember(key, list.End())
}

// allPlain says whether a list holds nothing but ids as they are sent.
func allPlain(arr []byte) bool {
	all := true
	jsonscan.Array(arr, func(v []byte) bool {
		all = jsonscan.Kind(v) == 's' && isPlainID(v)
		return all
	})
	return all
}
