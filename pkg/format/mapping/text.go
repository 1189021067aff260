package mapping

import (
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// Scratch is the memory of texts that an event needs and its raw record does not hold as such: unescaped, quoted, put
// together. A text stays where it was written until the Output is reset.
type Scratch []byte

// Keep writes parts one behind the other and returns them as one text.
func (s *Scratch) Keep(parts ...[]byte) []byte {
	mark := s.Mark()
	for _, part := range parts {
		*s = append(*s, part...)
	}
	return s.Since(mark)
}

// Quoted is a text as a JSON string.
func (s *Scratch) Quoted(text []byte) []byte {
	mark := s.Mark()
	*s = jsonscan.AppendString(*s, text)
	return s.Since(mark)
}

// Text is the text of a JSON string or number, nil for any other value.
func (s *Scratch) Text(value []byte) []byte {
	if len(value) > 0 && value[0] == '"' {
		return jsonscan.Text(value, (*[]byte)(s))
	}
	switch jsonscan.Kind(value) {
	case 's', 'n':
		return jsonscan.Text(value, (*[]byte)(s))
	default:
		return nil
	}
}

// Key is a member's key with its escapes resolved: almost always itself.
func (s *Scratch) Key(key []byte) []byte { return jsonscan.Key(key, (*[]byte)(s)) }

// Mark is where the next text will begin. Who appends to the scratch by hand marks the begin, and reads nothing else into
// it until Since.
func (s *Scratch) Mark() int { return len(*s) }

// Since is the text that was written since mark.
func (s *Scratch) Since(mark int) []byte { return (*s)[mark:len(*s):len(*s)] }

// List is a JSON list that is being written into the scratch. Nothing else may be read into it before End.
type List struct {
	scratch *Scratch
	mark    int
}

// List begins a list.
func (s *Scratch) List() List {
	l := List{scratch: s, mark: s.Mark()}
	*s = append(*s, '[')
	return l
}

// Add adds a raw JSON value.
func (l List) Add(value []byte) {
	l.comma()
	*l.scratch = append(*l.scratch, value...)
}

// AddText adds a text as a JSON string.
func (l List) AddText(text []byte) {
	l.comma()
	*l.scratch = jsonscan.AppendString(*l.scratch, text)
}

func (l List) comma() {
	if len(*l.scratch) > l.mark+1 {
		*l.scratch = append(*l.scratch, ',')
	}
}

// End ends the list and returns it.
func (l List) End() []byte {
	*l.scratch = append(*l.scratch, ']')
	return l.scratch.Since(l.mark)
}

// Digits is how many digits a text begins with.
func Digits(text []byte) int {
	n := 0
	for n < len(text) && '0' <= text[n] && text[n] <= '9' {
		n++
	}
	return n
}

// Trim cuts blanks and tabs off both ends.
func Trim(text []byte) []byte {
	for len(text) > 0 && (text[0] == ' ' || text[0] == '\t') {
		text = text[1:]
	}
	for len(text) > 0 && (text[len(text)-1] == ' ' || text[len(text)-1] == '\t') {
		text = text[:len(text)-1]
	}
	return text
}

// AppendLower appends a text with its ASCII letters in lower case.
func AppendLower(dst, text []byte) []byte {
	for _, c := range text {
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		dst = append(dst, c)
	}
	return dst
}
