package mapping

import (
	"github.com/omnicapi/omnicapi/pkg/capi"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// Keys of custom_data that several mappers add.
var (
	KeyContentType  = []byte("content_type")
	KeyOrderID      = []byte("order_id")
	KeySearchString = []byte("search_string")
)

// AddMember adds a member of custom_data as it is, unless it is empty.
func (o *Output) AddMember(key, value []byte) {
	if !IsEmpty(value) {
		o.Event.Custom.Members = append(o.Event.Custom.Members, capi.Member{Key: key, Value: value})
	}
}

// HasMember says whether custom_data has a member.
func (o *Output) HasMember(key string) bool {
	for i := range o.Event.Custom.Members {
		if string(o.Event.Custom.Members[i].Key) == key {
			return true
		}
	}
	return false
}

// AddMissing adds a member unless custom_data has it.
func (o *Output) AddMissing(key, value []byte) {
	if !o.HasMember(string(key)) {
		o.AddMember(key, value)
	}
}

// AddNumber adds a member that Meta wants as a number; what is none is dropped by name.
func (o *Output) AddNumber(key, value []byte) {
	if IsEmpty(value) {
		return
	}
	if d := o.Decimal(o.onlyElement(value)); d != nil {
		o.AddMember(key, d)
		return
	}
	o.Drop(FieldCustom, Malformed)
}

// AddString adds a member that Meta wants as a string; a number becomes one, of a list the first text is taken when the event
// is validated (pkg/capi knows Meta's types), what holds none is dropped by name.
func (o *Output) AddString(key, value []byte) {
	switch jsonscan.Kind(value) {
	case 'n':
		o.AddMember(key, o.Quoted(value))
	case 't', 'f':
		o.Drop(FieldCustom, Malformed)
	default:
		o.AddMember(key, value)
	}
}

// AddScalar is AddString for a member of a sender's that need not be what Meta has under that name: true and false stay out
// silently.
func (o *Output) AddScalar(key, value []byte) {
	if k := jsonscan.Kind(value); k != 't' && k != 'f' {
		o.AddString(key, value)
	}
}
