package mapping

import (
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// Reader reads the raw JSON values of one item.
type Reader struct {
	Scratch
	Index *jsonscan.Index // knows the item; nil: values are read again where they are walked
}

// Flags as JSON has them for Meta, and truth values of JSON.
var (
	One  = []byte("1")
	Zero = []byte("0")
	Yes  = []byte("true")
	No   = []byte("false")
)

// IsEmpty says whether a value says nothing: null, "", [] or {}.
func IsEmpty(value []byte) bool {
	switch jsonscan.Kind(value) {
	case 0, 'z':
		return true
	case 's':
		return len(value) == 2
	case 'a', 'o':
		for _, c := range value[1 : len(value)-1] {
			if c != ' ' && c != '\t' && c != '\n' && c != '\r' {
				return false
			}
		}
		return true
	}
	return false
}

// First is the first of values that is not empty, nil if all are.
func First(values ...[]byte) []byte {
	for _, v := range values {
		if !IsEmpty(v) {
			return v
		}
	}
	return nil
}

// FirstElement is the first element of a list; of what is no list, or an empty one, the value itself.
func (r *Reader) FirstElement(value []byte) []byte {
	first := value
	r.Index.Array(value, func(v []byte) bool { first = v; return false })
	return first
}

// Embedded is the list or object that a text holds as JSON, else the value itself.
func (r *Reader) Embedded(value []byte) []byte {
	if jsonscan.Kind(value) != 's' {
		return value
	}
	t := jsonscan.Trim(jsonscan.TrimMark(r.Text(value)))
	if len(t) > 0 && (t[0] == '[' || t[0] == '{') && jsonscan.Check(t, jsonscan.Limits{}) == nil {
		return t
	}
	return value
}

// Bit reads true, false, 0, 1 and their texts as "1" or "0"; nil: none of these.
func (s *Scratch) Bit(value []byte) []byte {
	switch jsonscan.Kind(value) {
	case 't':
		return One
	case 'f':
		return Zero
	}
	switch string(s.Text(value)) {
	case "1", "true", "True", "TRUE":
		return One
	case "0", "false", "False", "FALSE":
		return Zero
	}
	return nil
}

// Opposite is the other flag. What is no flag is no permission: 0.
func Opposite(flag []byte) []byte {
	if string(flag) == "0" {
		return One
	}
	return Zero
}
