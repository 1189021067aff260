package receive

import (
	"bytes"
	"unicode/utf8"

	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// MaxPairs of a query or a form that becomes an item: a pixel sends a few dozen, a tag with 200 products 250.
const MaxPairs = 400

// Pair is one field of a query or a form.
type Pair struct{ Name, Value []byte }

// AddPairs reads name=value&… into the batch's scratch, one pair more than may be at most. A broken escape stays as it is,
// as browsers leave it, and what is no UTF-8 becomes U+FFFD in the item (ADR 19).
func (b *Batch) AddPairs(list []Pair, text []byte) []Pair {
	for len(text) > 0 && len(list) <= MaxPairs {
		var one []byte
		one, text, _ = bytes.Cut(text, []byte{'&'})
		name, value, _ := bytes.Cut(one, []byte{'='})
		if len(name) == 0 {
			continue
		}
		n, _ := b.Unescape(name)
		v, _ := b.Unescape(value)
		list = append(list, Pair{n, v})
	}
	return list
}

// Unescape resolves %XX and + into the batch's scratch; not ok: an escape is broken, it stays.
func (b *Batch) Unescape(text []byte) ([]byte, bool) {
	if bytes.IndexByte(text, '%') < 0 && bytes.IndexByte(text, '+') < 0 {
		return text, true
	}
	start, ok := len(b.Scratch), true
	d := b.Scratch
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '+':
			d = append(d, ' ')
		case c != '%':
			d = append(d, c)
		case i+2 < len(text) && Unhex(text[i+1]) >= 0 && Unhex(text[i+2]) >= 0:
			d = append(d, byte(Unhex(text[i+1])<<4|Unhex(text[i+2])))
			i += 2
		default:
			d, ok = append(d, c), false
		}
	}
	b.Scratch = d
	return d[start:len(d):len(d)], ok
}

// Unhex is the value of a hexadecimal digit, -1 if it is none.
func Unhex(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'a' <= c && c <= 'f':
		return int(c-'a') + 10
	case 'A' <= c && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}

// ValueOf is the first value of a name.
func ValueOf(list []Pair, name string) []byte {
	for i := range list {
		if string(list[i].Name) == name {
			return list[i].Value
		}
	}
	return nil
}

// Firsts is the pairs without those whose name was given before; too many stay too many.
func Firsts(list []Pair) []Pair {
	if len(list) > MaxPairs {
		return list
	}
	kept := list[:0]
	for _, p := range list {
		if !HasName(kept, p.Name) {
			kept = append(kept, p)
		}
	}
	return kept
}

// HasName says whether a pair with a value has the name.
func HasName(list []Pair, name []byte) bool {
	for i := range list {
		if len(list[i].Value) > 0 && SameName(list[i].Name, name) {
			return true
		}
	}
	return false
}

// SameName compares names as JSON keys: what is no UTF-8 is one character there.
func SameName(x, y []byte) bool {
	if bytes.Equal(x, y) || utf8.Valid(x) && utf8.Valid(y) {
		return bytes.Equal(x, y)
	}
	return bytes.Equal(jsonscan.AppendString(nil, x), jsonscan.AppendString(nil, y))
}

// Object makes a JSON object of pairs: each value a text, a list of texts where its name is repeated. Empty values and
// credentials are left out.
func (b *Batch) Object(list []Pair) ([]byte, *Refusal) {
	if len(list) > MaxPairs {
		return nil, &Refusal{Kind: Unreadable, Detail: "too many fields"}
	}
	start := len(b.Scratch)
	d := append(b.Scratch, '{')
	for i, p := range list {
		if len(p.Value) == 0 || HasName(list[:i], p.Name) || IsCredential(string(p.Name)) {
			continue
		}
		if len(d) > start+1 {
			d = append(d, ',')
		}
		d = append(jsonscan.AppendString(d, p.Name), ':')
		d = appendValues(d, p, list[i+1:])
	}
	d = append(d, '}')
	b.Scratch = d
	return d[start:len(d):len(d)], nil
}

// appendValues appends a pair's value, with those of later pairs of its name as a list.
func appendValues(d []byte, p Pair, later []Pair) []byte {
	if !HasName(later, p.Name) {
		return jsonscan.AppendString(d, p.Value)
	}
	d = jsonscan.AppendString(append(d, '['), p.Value)
	for _, l := range later {
		if len(l.Value) > 0 && SameName(l.Name, p.Name) {
			d = jsonscan.AppendString(append(d, ','), l.Value)
		}
	}
	return append(d, ']')
}
