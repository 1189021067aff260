package mapping

import (
	"bytes"

	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// embeddedJSON is Embedded for values that are seldom JSON in a text: what does not begin as it costs nothing.
func (r *Reader) embeddedJSON(value []byte) []byte {
	if mayEmbed(value) {
		return r.Embedded(value)
	}
	return value
}

// mayEmbed is the quick look at a value: whether it is a text that begins as JSON may.
func mayEmbed(value []byte) bool { return len(value) > 2 && value[0] == '"' && beginsJSON[value[1]] }

var beginsJSON = [256]bool{'[': true, '{': true, ' ': true, 0xEF: true}

// Object calls take for each member of an object, which may be JSON in a text; false: the value is no object.
func (r *Reader) Object(obj []byte, take func(key, value []byte) bool) bool {
	return r.Index.Object(r.embeddedJSON(obj), take)
}

// isList says whether a value is a list, also one with gaps, which PHP writes as an object: {"0":…,"2":…}.
func isList(value []byte) bool { return len(value) > 0 && beginsList[value[0]] && isListed(value) }

// beginsList has what a list may begin with, so that most values are known to be none at once.
var beginsList = [256]bool{'[': true, '{': true, ' ': true, '\t': true, '\n': true, '\r': true}

func isListed(value []byte) bool {
	switch jsonscan.Kind(value) {
	case 'a':
		return true
	case 'o':
		open := bytes.IndexByte(value, '"') // of its first key
		if open < 0 {
			return false
		}
		digits := Digits(value[open+1:])
		return digits > 0 && open+1+digits < len(value) && value[open+1+digits] == '"'
	}
	return false
}

// eachElement calls take for each element of a list, also of one with gaps.
func (r *Reader) eachElement(list []byte, take func(value []byte)) {
	if jsonscan.Kind(list) == 'a' {
		r.Index.Array(list, func(v []byte) bool { take(v); return true })
		return
	}
	r.Index.Object(list, func(_, v []byte) bool { take(v); return true })
}

// Elements calls take for each element of a list, which may be JSON in a text, as may its elements; one object is a list of one.
// Elements that are empty are passed over. false: the value is no such list.
func (r *Reader) Elements(list []byte, take func(value []byte)) bool {
	list = r.embeddedJSON(list)
	switch {
	case isList(list):
		r.eachElement(list, func(v []byte) {
			if v = r.embeddedJSON(v); isList(v) && !IsEmpty(v) { // a list of lists
				r.eachElement(v, take)
			} else if !IsEmpty(v) {
				take(v)
			}
		})
	case jsonscan.Kind(list) == 'o':
		if !IsEmpty(list) {
			take(list)
		}
	default:
		return IsEmpty(list)
	}
	return true
}

// firstString is the first text of a list, which may be JSON in a text; of what is no list the value itself.
func (r *Reader) firstString(value []byte) []byte {
	list := r.embeddedJSON(value)
	if !isList(list) {
		return value
	}
	first := list
	r.eachElement(list, func(v []byte) {
		if jsonscan.Kind(first) != 's' && jsonscan.Kind(v) == 's' && !IsEmpty(v) {
			first = v
		}
	})
	return first
}

// onlyElement is the element of a list of one, which may be JSON in a text; of anything else the value itself.
func (r *Reader) onlyElement(value []byte) []byte {
	list := r.embeddedJSON(value)
	if !isList(list) {
		return value
	}
	n, only := 0, value
	r.eachElement(list, func(v []byte) {
		only = v
		n++
	})
	if n != 1 {
		return value
	}
	return only
}

// firstObject is the first element of a list that is an object and says something; of what is no list, the value itself. What
// further elements say is dropped: they are other people, or other addresses.
func (o *Output) firstObject(value []byte) []byte {
	if !isList(value) {
		return value
	}
	var first []byte
	o.eachElement(value, func(v []byte) {
		switch {
		case IsEmpty(v):
		case first == nil && jsonscan.Kind(v) == 'o':
			first = v
		default:
			o.Drop(FieldUser, Unknown)
		}
	})
	return first
}
