package channel

import (
	"bytes"
	"errors"
	"io"
	"mime/multipart"

	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// maxPairs of a query or a form that becomes an item: a pixel sends a few dozen, a tag with 200 products 250.
const maxPairs = 400

// pair is one field of a query or a form.
type pair struct{ name, value []byte }

// addPairs reads name=value&… into the batch's scratch, one pair more than may be at most. A broken escape stays as it is,
// as browsers leave it, and what is no UTF-8 becomes U+FFFD in the item (ADR 19).
func (b *Batch) addPairs(list []pair, text []byte) []pair {
	for len(text) > 0 && len(list) <= maxPairs {
		var one []byte
		one, text, _ = bytes.Cut(text, []byte{'&'})
		name, value, _ := bytes.Cut(one, []byte{'='})
		if len(name) == 0 {
			continue
		}
		n, _ := b.unescape(name)
		v, _ := b.unescape(value)
		list = append(list, pair{n, v})
	}
	return list
}

// unescape resolves %XX and + into the batch's scratch; not ok: an escape is broken, it stays.
func (b *Batch) unescape(text []byte) ([]byte, bool) {
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
		case i+2 < len(text) && unhex(text[i+1]) >= 0 && unhex(text[i+2]) >= 0:
			d = append(d, byte(unhex(text[i+1])<<4|unhex(text[i+2])))
			i += 2
		default:
			d, ok = append(d, c), false
		}
	}
	b.Scratch = d
	return d[start:len(d):len(d)], ok
}

func unhex(c byte) int {
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

// eachPart reads a multipart form; the body is bounded already, so is each part.
func (b *Batch) eachPart(body []byte, boundary string, take func(name string, value []byte) *Refusal) *Refusal {
	if boundary == "" {
		return &Refusal{Kind: Unreadable, Detail: "the multipart form has no boundary"}
	}
	form := multipart.NewReader(bytes.NewReader(body), boundary)
	for {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return &Refusal{Kind: Unreadable, Detail: "the multipart form is broken"}
		}
		start := len(b.Scratch)
		if _, err := io.Copy(appender{&b.Scratch}, part); err != nil {
			return &Refusal{Kind: Unreadable, Detail: "the multipart form is broken"}
		}
		end := len(b.Scratch)
		if r := take(part.FormName(), b.Scratch[start:end:end]); r != nil {
			return r
		}
	}
}

// appender is an io.Writer on a slice.
type appender struct{ to *[]byte }

func (a appender) Write(p []byte) (int, error) {
	*a.to = append(*a.to, p...)
	return len(p), nil
}

// firsts is the pairs without those whose name was given before; too many stay too many.
func firsts(list []pair) []pair {
	if len(list) > maxPairs {
		return list
	}
	kept := list[:0]
	for _, p := range list {
		if !named(kept, p.name) {
			kept = append(kept, p)
		}
	}
	return kept
}

// object makes a JSON object of pairs: each value a text, a list of texts where its name is repeated. Empty values and
// credentials are left out.
func (b *Batch) object(list []pair) ([]byte, *Refusal) {
	if len(list) > maxPairs {
		return nil, &Refusal{Kind: Unreadable, Detail: "too many fields"}
	}
	start := len(b.Scratch)
	d := append(b.Scratch, '{')
	for i, p := range list {
		if len(p.value) == 0 || named(list[:i], p.name) || IsCredential(string(p.name)) {
			continue
		}
		if len(d) > start+1 {
			d = append(d, ',')
		}
		d = append(jsonscan.AppendString(d, p.name), ':')
		d = appendValues(d, p, list[i+1:])
	}
	d = append(d, '}')
	b.Scratch = d
	return d[start:len(d):len(d)], nil
}

// named says whether a pair with a value has the name.
func named(list []pair, name []byte) bool {
	for i := range list {
		if len(list[i].value) > 0 && sameName(list[i].name, name) {
			return true
		}
	}
	return false
}

// sameName compares names as JSON keys: what is no UTF-8 is one character there.
func sameName(x, y []byte) bool {
	return bytes.Equal(x, y) || !isASCII(x) && !isASCII(y) && bytes.Equal(jsonscan.AppendString(nil, x), jsonscan.AppendString(nil, y))
}

func isASCII(text []byte) bool {
	for _, c := range text {
		if c >= 0x80 {
			return false
		}
	}
	return true
}

// appendValues appends a pair's value, with those of later pairs of its name as a list.
func appendValues(d []byte, p pair, later []pair) []byte {
	if !named(later, p.name) {
		return jsonscan.AppendString(d, p.value)
	}
	d = jsonscan.AppendString(append(d, '['), p.value)
	for _, l := range later {
		if len(l.value) > 0 && sameName(l.name, p.name) {
			d = jsonscan.AppendString(append(d, ','), l.value)
		}
	}
	return append(d, ']')
}
