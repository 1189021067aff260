package mapping

import (
	"bytes"

	"github.com/omnicapi/omnicapi/pkg/identity"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
	"github.com/omnicapi/omnicapi/pkg/nothing"
	"github.com/omnicapi/omnicapi/pkg/number"
)

// IDText is Text for what identifies something: a JSON number is spelled as the whole number that it is (1001.0 is 1001);
// nil, too, if digits of it were lost.
func (s *Scratch) IDText(value []byte) []byte {
	t := s.Text(value)
	if len(value) > 0 && value[0] == '"' || jsonscan.Kind(value) != 'n' || Digits(t) == len(t) {
		return t
	}
	mark := s.Mark()
	whole, ok := number.AppendNumber(*s, t)
	if !ok {
		return nil
	}
	*s = whole
	return s.Since(mark)
}

// ID is the id of an order, a line or a product: trimmed, without a spreadsheet's marks, and as the whole number that it was
// before something stored it as a number. nil: there is none, and reason says why a value was left out, "" if there is none
// to leave out. zero says whether 0 is an id.
func (s *Scratch) ID(value []byte, zero bool) (id []byte, reason string) {
	t := s.IDText(value)
	if t == nil {
		if IsEmpty(value) {
			return nil, ""
		}
		return nil, Malformed
	}
	if t = Trim(t); len(t) == 0 {
		return nil, ""
	}
	t = identity.WithoutQuote(t)
	if !number.IsIdentifier(t) {
		mark := s.Mark()
		whole, ok := number.AppendIdentifier(*s, t)
		if !ok {
			return nil, Malformed
		}
		*s = whole
		t = s.Since(mark)
	}
	if nothing.IsID(t) && (!zero || t[0] != '0') {
		return nil, Empty
	}
	return t, ""
}

// isPlainID says whether ID would leave a JSON string as it is: almost all are so.
func isPlainID(value []byte) bool {
	t := value[1 : len(value)-1]
	if len(t) == 0 {
		return false
	}
	switch t[0] {
	case '\'', '=', ' ', '\t':
		return false
	}
	return t[len(t)-1] > ' ' && bytes.IndexByte(t, '\\') < 0 && number.IsIdentifier(t) && (!nothing.IsID(t) || t[0] == '0')
}

// AddID adds a member of custom_data that identifies something, as a string, of a list the first; what is none is dropped by
// name. zero says whether 0 is an id.
func (o *Output) AddID(key, value []byte, zero bool) {
	if jsonscan.Kind(value) == 's' && isPlainID(value) && (zero || value[1] != '0') {
		o.AddMember(key, value)
		return
	}
	id, reason := o.ID(o.firstString(o.onlyElement(value)), zero)
	if id != nil {
		o.AddMember(key, o.Quoted(id))
	} else if reason != "" {
		o.Drop(FieldCustom, reason)
	}
}
