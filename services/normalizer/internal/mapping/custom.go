package mapping

import (
	"slices"

	"github.com/omnicapi/omnicapi/pkg/capi"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// custom reads custom_data. Unknown keys are the sender's own properties: raw, in order.
func (o *Output) custom(obj []byte) {
	if jsonscan.Kind(obj) == 'z' {
		return
	}
	ok := o.Index.Object(obj, func(key, value []byte) bool {
		o.customMember(key, value)
		return true
	})
	if !ok {
		o.drop(fieldCustom, malformed)
	}
}

func (o *Output) customMember(key, value []byte) {
	c := &o.Event.Custom
	switch string(key) {
	case "value":
		o.value(value)
	case "currency":
		o.take(&c.Currency, fieldCurrency, value)
	case "contents":
		o.contents(value)
	case "content_ids":
		o.contentIDs(key, value)
	case "num_items", "predicted_ltv", "net_revenue":
		o.number(key, value)
	case "order_id", "item_number", "lead_event_source", "event_source", "search_string", "delivery_category":
		o.string(key, value)
	default:
		o.member(o.key(key), value)
	}
}

// member adds a raw member unless it says nothing.
func (o *Output) member(key, value []byte) {
	if !isEmpty(value) {
		o.Event.Custom.Members = append(o.Event.Custom.Members, capi.Member{Key: key, Value: value})
	}
}

func (o *Output) hasMember(key string) bool {
	for i := range o.Event.Custom.Members {
		if string(o.Event.Custom.Members[i].Key) == key {
			return true
		}
	}
	return false
}

func (o *Output) value(value []byte) {
	if isEmpty(value) {
		return
	}
	d := o.decimal(value)
	if d == nil {
		o.drop(fieldValue, malformed)
		return
	}
	o.Event.Custom.Value = d
}

// number adds a member that Meta wants as a number; a text that is none stays out.
func (o *Output) number(key, value []byte) {
	if isEmpty(value) {
		return
	}
	if d := o.decimal(value); d != nil {
		o.member(key, d)
		return
	}
	o.drop(fieldCustom, malformed)
}

// string adds a member that Meta wants as a string.
func (o *Output) string(key, value []byte) {
	switch jsonscan.Kind(value) {
	case 'n':
		o.member(key, o.quoted(value))
	case 's', 'z':
		o.member(key, value)
	default:
		o.drop(fieldCustom, malformed)
	}
}

// once is string for a member that may be said twice: what is read last counts.
func (o *Output) once(key, value []byte) {
	if isEmpty(value) {
		return
	}
	list := o.Event.Custom.Members
	o.Event.Custom.Members = slices.DeleteFunc(list, func(m capi.Member) bool { return string(m.Key) == string(key) })
	o.string(key, value)
}

// contentIDs adds the list with every id as a string; a bare id is a list of one.
func (o *Output) contentIDs(key, value []byte) {
	switch jsonscan.Kind(value) {
	case 'a':
	case 's', 'n':
		if isEmpty(value) {
			return
		}
		start := len(o.scratch)
		o.scratch = append(o.scratch, '[')
		o.scratch = o.appendID(o.scratch, value)
		o.scratch = append(o.scratch, ']')
		o.member(key, o.scratch[start:len(o.scratch):len(o.scratch)])
		return
	case 'z':
		return
	default:
		o.drop(fieldContentIDs, malformed)
		return
	}
	if allStrings(value) {
		o.member(key, value)
		return
	}
	start := len(o.scratch)
	list := append(o.scratch, '[')
	o.Index.Array(value, func(v []byte) bool {
		if k := jsonscan.Kind(v); isEmpty(v) || k != 's' && k != 'n' {
			o.drop(fieldContentIDs, malformed)
			return true
		}
		if len(list) > start+1 {
			list = append(list, ',')
		}
		list = o.appendID(list, v)
		return true
	})
	o.scratch = append(list, ']')
	o.member(key, o.scratch[start:len(o.scratch):len(o.scratch)])
}

func (o *Output) appendID(dst, value []byte) []byte {
	if jsonscan.Kind(value) == 'n' {
		return jsonscan.AppendString(dst, value)
	}
	return append(dst, value...)
}

func allStrings(arr []byte) bool {
	all := true
	jsonscan.Array(arr, func(v []byte) bool {
		all = jsonscan.Kind(v) == 's' && len(v) > 2
		return all
	})
	return all
}
