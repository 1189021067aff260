package mapping

import (
	"github.com/omnicapi/omnicapi/pkg/capi"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

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

// UnlessSaid adds a member that the event does not have.
func (o *Output) UnlessSaid(key, value []byte) {
	if !o.HasMember(string(key)) {
		o.Member(key, value)
	}
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

// Scalar adds a text or a number as text; what is neither stays out.
func (o *Output) Scalar(key string, value []byte) {
	if k := jsonscan.Kind(value); k == 's' || k == 'n' {
		o.TextMember([]byte(key), value)
	}
}

var KeyOrderID = []byte("order_id")
