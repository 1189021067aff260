package mapping

import (
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// ReadCustom reads custom_data, which may be JSON in a text. Unknown keys are the sender's own properties: raw, in order.
func (o *Output) ReadCustom(obj []byte) {
	if obj = o.embeddedJSON(obj); IsEmpty(obj) { // [] is how PHP writes an empty object
		return
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
		o.AddMember(key, value)
	}
}

// AddContentIDs adds a list of products' ids, every one as a string; a bare id is a list of one. The list may be JSON in a text.
func (o *Output) AddContentIDs(key, value []byte) {
	value = o.embeddedJSON(value)
	switch jsonscan.Kind(value) {
	case 'a':
		if allStrings(value) {
			o.AddMember(key, value)
			return
		}
	case 's', 'n':
		if !IsEmpty(value) {
			list := o.List()
			addID(list, value)
			o.AddMember(key, list.End())
		}
		return
	}
	if !isList(value) {
		if !IsEmpty(value) {
			o.Drop(FieldContentIDs, Malformed)
		}
		return
	}
	list := o.List()
	o.eachElement(value, func(v []byte) {
		if k := jsonscan.Kind(v); IsEmpty(v) || k != 's' && k != 'n' {
			o.Drop(FieldContentIDs, Malformed)
		} else {
			addID(list, v)
		}
	})
	o.AddMember(key, list.End())
}

// addID adds a string as it is, a number as a string.
func addID(list List, value []byte) {
	if jsonscan.Kind(value) == 'n' {
		list.AddText(value)
	} else {
		list.Add(value)
	}
}

func allStrings(arr []byte) bool {
	all := true
	jsonscan.Array(arr, func(v []byte) bool {
		all = jsonscan.Kind(v) == 's' && len(v) > 2
		return all
	})
	return all
}
