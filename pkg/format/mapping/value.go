package mapping

import (
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// Opposite is the other flag; what is none of both is no permission.
func Opposite(flag []byte) []byte {
	if string(flag) == "0" {
		return One
	}
	return Zero
}

// Joined is a text of parts in the scratch.
func (o *Output) Joined(before string, middle []byte, after string) []byte {
	start := len(o.Scratch)
	o.Scratch = append(append(append(o.Scratch, before...), middle...), after...)
	return o.Scratch[start:len(o.Scratch):len(o.Scratch)]
}

// FirstElement is a value, or the first of a list.
func (o *Output) FirstElement(value []byte) []byte {
	first := value
	o.Index.Array(value, func(v []byte) bool { first = v; return false })
	return first
}

// Embedded is the list or object that a text holds as JSON, else the value itself.
func (o *Output) Embedded(value []byte) []byte {
	if jsonscan.Kind(value) != 's' {
		return value
	}
	t := Trim(o.Text(value))
	if len(t) > 0 && (t[0] == '[' || t[0] == '{') && jsonscan.Check(t, jsonscan.Limits{}) == nil {
		return t
	}
	return value
}

// Keep copies a text into the scratch.
func (o *Output) Keep(text []byte) []byte {
	start := len(o.Scratch)
	o.Scratch = append(o.Scratch, text...)
	return o.Scratch[start:len(o.Scratch):len(o.Scratch)]
}

// Said is take for a member that may be missing.
func (o *Output) Said(dst *[]byte, field string, value []byte) {
	if value != nil {
		o.Take(dst, field, value)
	}
}

// FirstNonEmpty is the first raw value that says something.
func FirstNonEmpty(values ...[]byte) []byte {
	for _, v := range values {
		if !IsEmpty(v) {
			return v
		}
	}
	return nil
}

// Text is the text of a string or number, nil for anything else.
func (o *Output) Text(value []byte) []byte {
	if len(value) > 0 && value[0] == '"' {
		return jsonscan.Text(value, &o.Scratch)
	}
	switch jsonscan.Kind(value) {
	case 's', 'n':
		return jsonscan.Text(value, &o.Scratch)
	default:
		return nil
	}
}

// Take sets dst to the text of a string member; null and "" are no value, anything else is dropped by name.
func (o *Output) Take(dst *[]byte, field string, value []byte) {
	switch jsonscan.Kind(value) {
	case 's':
		if t := jsonscan.Text(value, &o.Scratch); len(t) > 0 {
			*dst = t
		}
	case 'z':
	default:
		o.Drop(field, Malformed)
	}
}

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

// Bit reads true, false, 0, 1 and their texts as "1" or "0"; nil: none of these.
func (o *Output) Bit(value []byte) []byte {
	switch jsonscan.Kind(value) {
	case 't':
		return One
	case 'f':
		return Zero
	}
	switch string(o.Text(value)) {
	case "1", "true", "True", "TRUE":
		return One
	case "0", "false", "False", "FALSE":
		return Zero
	}
	return nil
}

var (
	One  = []byte("1")
	Zero = []byte("0")
	Yes  = []byte("true")
	No   = []byte("false")
)

func Digits(t []byte) int {
	n := 0
	for n < len(t) && '0' <= t[n] && t[n] <= '9' {
		n++
	}
	return n
}

func Trim(t []byte) []byte {
	for len(t) > 0 && (t[0] == ' ' || t[0] == '\t') {
		t = t[1:]
	}
	for len(t) > 0 && (t[len(t)-1] == ' ' || t[len(t)-1] == '\t') {
		t = t[:len(t)-1]
	}
	return t
}

// Quoted is a text as raw JSON in the scratch.
func (o *Output) Quoted(t []byte) []byte {
	start := len(o.Scratch)
	o.Scratch = jsonscan.AppendString(o.Scratch, t)
	return o.Scratch[start:len(o.Scratch):len(o.Scratch)]
}

// key is a member's key with its escapes resolved: almost always itself.
func (o *Output) key(key []byte) []byte {
	for _, c := range key {
		if c == '\\' {
			start := len(o.Scratch)
			o.Scratch = append(o.Scratch, '"')
			o.Scratch = append(o.Scratch, key...)
			o.Scratch = append(o.Scratch, '"')
			raw := o.Scratch[start:len(o.Scratch):len(o.Scratch)]
			return jsonscan.Text(raw, &o.Scratch)
		}
	}
	return key
}
