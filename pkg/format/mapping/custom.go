package mapping

import (
	"slices"

	"github.com/omnicapi/omnicapi/pkg/capi"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// Custom reads custom_data. Unknown keys are the sender's own properties: raw, in order.
func (o *Output) Custom(obj []byte) {
	if jsonscan.Kind(obj) == 'z' {
		return
	}
	ok := o.Index.Object(obj, func(key, value []byte) bool {
		o.CustomMember(key, value)
		return true
	})
	if !ok {
		o.Drop(FieldCustom, Malformed)
	}
}

func (o *Output) CustomMember(key, value []byte) {
	c := &o.Event.Custom
	switch string(key) {
	case "value":
		o.Value(value)
	case "currency":
		o.SetText(&c.Currency, FieldCurrency, value)
	case "contents":
		o.Contents(value)
	case "content_ids":
		o.ContentIDs(key, value)
	case "num_items", "predicted_ltv", "net_revenue":
		o.NumberMember(key, value)
	case "order_id", "item_number", "lead_event_source", "event_source", "search_string", "delivery_category":
		o.TextMember(key, value)
	default:
		o.Member(o.Key(key), value)
	}
}

// Member adds a raw member unless it says nothing.
func (o *Output) Member(key, value []byte) {
	if !IsEmpty(value) {
		o.Event.Custom.Members = append(o.Event.Custom.Members, capi.Member{Key: key, Value: value})
	}
}

func (o *Output) HasMember(key string) bool {
	for i := range o.Event.Custom.Members {
		if string(o.Event.Custom.Members[i].Key) == key {
			return true
		}
	}
	return false
}

// NumberMember adds a member that Meta wants as a number; a text that is none stays out.
func (o *Output) NumberMember(key, value []byte) {
	if IsEmpty(value) {
		return
	}
	if d := o.Decimal(value); d != nil {
		o.Member(key, d)
		return
	}
	o.Drop(FieldCustom, Malformed)
}

// TextMember adds a member that Meta wants as a string.
func (o *Output) TextMember(key, value []byte) {
	switch jsonscan.Kind(value) {
	case 'n':
		o.Member(key, o.Quoted(value))
	case 's', 'z':
		o.Member(key, value)
	default:
		o.Drop(FieldCustom, Malformed)
	}
}

// LastText is string for a member that may be said twice: what is read last counts.
func (o *Output) LastText(key, value []byte) {
	if IsEmpty(value) {
		return
	}
	list := o.Event.Custom.Members
	o.Event.Custom.Members = slices.DeleteFunc(list, func(m capi.Member) bool { return string(m.Key) == string(key) })
	o.TextMember(key, value)
}

// ContentIDs adds the list with every id as a string; a bare id is a list of one.
func (o *Output) ContentIDs(key, value []byte) {
	switch jsonscan.Kind(value) {
	case 'a':
		if allStrings(value) {
			o.Member(key, value)
			return
		}
	case 's', 'n':
		if !IsEmpty(value) {
			list := o.List()
			addID(list, value)
			o.Member(key, list.End())
		}
		return
	case 'z':
		return
	default:
		o.Drop(fieldContentIDs, Malformed)
		return
	}
	list := o.List()
	o.Index.Array(value, func(v []byte) bool {
		if k := jsonscan.Kind(v); IsEmpty(v) || k != 's' && k != 'n' {
			o.Drop(fieldContentIDs, Malformed)
		} else {
			addID(list, v)
		}
		return true
	})
	o.Member(key, list.End())
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

var KeyOrderID = []byte("order_id")

// OrderID adds order_id, a text or a number as text; what is neither stays out.
func (o *Output) OrderID(value []byte) {
	if k := jsonscan.Kind(value); !IsEmpty(value) && (k == 's' || k == 'n') {
		o.TextMember(KeyOrderID, value)
	}
}

// UnlessSaid adds a member that the event does not have.
func (o *Output) UnlessSaid(key, value []byte) {
	if !o.HasMember(string(key)) {
		o.Member(key, value)
	}
}

// Scalar adds a text or a number as text; what is neither stays out.
func (o *Output) Scalar(key string, value []byte) {
	if k := jsonscan.Kind(value); k == 's' || k == 'n' {
		o.TextMember([]byte(key), value)
	}
}
