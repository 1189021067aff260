package mapping

import "github.com/omnicapi/omnicapi/pkg/jsonscan"

// text is the text of a string or number, nil for anything else.
func (o *Output) text(value []byte) []byte {
	if len(value) > 0 && value[0] == '"' {
		return jsonscan.Text(value, &o.scratch)
	}
	switch jsonscan.Kind(value) {
	case 's', 'n':
		return jsonscan.Text(value, &o.scratch)
	default:
		return nil
	}
}

// take sets dst to the text of a string member; null and "" are no value, anything else is dropped by name.
func (o *Output) take(dst *[]byte, field string, value []byte) {
	switch jsonscan.Kind(value) {
	case 's':
		if t := jsonscan.Text(value, &o.scratch); len(t) > 0 {
			*dst = t
		}
	case 'z':
	default:
		o.drop(field, malformed)
	}
}

// isEmpty says whether a value says nothing: null, "", [] or {}.
func isEmpty(value []byte) bool {
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

// bit reads true, false, 0, 1 and their texts as "1" or "0"; nil: none of these.
func (o *Output) bit(value []byte) []byte {
	switch jsonscan.Kind(value) {
	case 't':
		return one
	case 'f':
		return zero
	}
	switch string(o.text(value)) {
	case "1", "true", "True", "TRUE":
		return one
	case "0", "false", "False", "FALSE":
		return zero
	}
	return nil
}

var (
	one  = []byte("1")
	zero = []byte("0")
	yes  = []byte("true")
	no   = []byte("false")
)

// decimal reads a number or a numeric text as JSON number text: "142.52", 59.9, "+5", ".5". Texts with units, grouping
// or a decimal comma are none: nil.
func (o *Output) decimal(value []byte) []byte {
	t := o.text(value)
	if jsonscan.Kind(value) == 'n' {
		return t
	}
	t = trim(t)
	negative := len(t) > 0 && t[0] == '-'
	if len(t) > 0 && (t[0] == '+' || t[0] == '-') {
		t = t[1:]
	}
	whole := digits(t)
	rest := t[whole:]
	fraction := 0
	if len(rest) > 0 && rest[0] == '.' {
		fraction = digits(rest[1:])
		rest = rest[1+fraction:]
	}
	if len(rest) > 0 || whole+fraction == 0 {
		return nil
	}
	if plain := whole > 0 && (whole == 1 || t[0] != '0') && t[len(t)-1] != '.'; plain && !negative {
		return t
	}
	return o.canonical(negative, t[:whole], t[len(t)-fraction:])
}

// minorValue takes a value that is an amount in a currency's smallest unit, of whose digits places are behind the point.
func (o *Output) minorValue(value []byte, places int) {
	amount := o.text(value)
	negative := len(amount) > 0 && amount[0] == '-'
	if negative {
		amount = amount[1:]
	}
	if len(amount) == 0 || digits(amount) != len(amount) {
		o.drop(fieldValue, malformed)
		return
	}
	if len(amount) <= places {
		amount = o.joined("0000"[:places+1-len(amount)], amount, "")
	}
	point := len(amount) - places
	o.Event.Custom.Value = o.canonical(negative, amount[:point], amount[point:])
}

// canonical writes a number as JSON wants it: no leading zeros, a digit before the point and none of it bare.
func (o *Output) canonical(negative bool, whole, fraction []byte) []byte {
	start := len(o.scratch)
	if negative {
		o.scratch = append(o.scratch, '-')
	}
	for len(whole) > 0 && whole[0] == '0' {
		whole = whole[1:]
	}
	if len(whole) == 0 {
		whole = zero
	}
	o.scratch = append(o.scratch, whole...)
	if len(fraction) > 0 {
		o.scratch = append(o.scratch, '.')
		o.scratch = append(o.scratch, fraction...)
	}
	return o.scratch[start:len(o.scratch):len(o.scratch)]
}

func digits(t []byte) int {
	n := 0
	for n < len(t) && '0' <= t[n] && t[n] <= '9' {
		n++
	}
	return n
}

func trim(t []byte) []byte {
	for len(t) > 0 && (t[0] == ' ' || t[0] == '\t') {
		t = t[1:]
	}
	for len(t) > 0 && (t[len(t)-1] == ' ' || t[len(t)-1] == '\t') {
		t = t[:len(t)-1]
	}
	return t
}

// quoted is a text as raw JSON in the scratch.
func (o *Output) quoted(t []byte) []byte {
	start := len(o.scratch)
	o.scratch = jsonscan.AppendString(o.scratch, t)
	return o.scratch[start:len(o.scratch):len(o.scratch)]
}

// key is a member's key with its escapes resolved: almost always itself.
func (o *Output) key(key []byte) []byte {
	for _, c := range key {
		if c == '\\' {
			start := len(o.scratch)
			o.scratch = append(o.scratch, '"')
			o.scratch = append(o.scratch, key...)
			o.scratch = append(o.scratch, '"')
			raw := o.scratch[start:len(o.scratch):len(o.scratch)]
			return jsonscan.Text(raw, &o.scratch)
		}
	}
	return key
}
