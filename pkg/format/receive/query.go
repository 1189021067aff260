package receive

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"

	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// Form adds the fields of a form's body: urlencoded or multipart.
func (in *Input) Form(b *Batch) *Refusal {
	if FirstByte(in.Body) == 0 {
		return nil
	}
	media, params, err := mime.ParseMediaType(in.Request.Header.Get("Content-Type"))
	if err == nil && media == "multipart/form-data" {
		return b.EachPart(in.Body, params["boundary"], func(name string, value []byte) *Refusal {
			if in.Pairs = append(in.Pairs, Pair{[]byte(name), value}); len(in.Pairs) > MaxPairs {
				return &Refusal{Kind: Unreadable, Detail: "too many fields"}
			}
			return nil
		})
	}
	in.Pairs = b.AddPairs(in.Pairs, bytes.TrimSpace(in.Body))
	return nil
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

// EachPart reads a multipart form; the body is bounded already, so is each part.
func (b *Batch) EachPart(body []byte, boundary string, take func(name string, value []byte) *Refusal) *Refusal {
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

// Firsts is the pairs without those whose name was given before; too many stay too many.
func Firsts(list []Pair) []Pair {
	if len(list) > MaxPairs {
		return list
	}
	kept := list[:0]
	for _, p := range list {
		if !Named(kept, p.Name) {
			kept = append(kept, p)
		}
	}
	return kept
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
		if len(p.Value) == 0 || Named(list[:i], p.Name) || IsCredential(string(p.Name)) {
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

// Named says whether a pair with a value has the name.
func Named(list []Pair, name []byte) bool {
	for i := range list {
		if len(list[i].Value) > 0 && sameName(list[i].Name, name) {
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
func appendValues(d []byte, p Pair, later []Pair) []byte {
	if !Named(later, p.Name) {
		return jsonscan.AppendString(d, p.Value)
	}
	d = jsonscan.AppendString(append(d, '['), p.Value)
	for _, l := range later {
		if len(l.Value) > 0 && sameName(l.Name, p.Name) {
			d = jsonscan.AppendString(append(d, ','), l.Value)
		}
	}
	return append(d, ']')
}
