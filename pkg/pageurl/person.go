package pageurl

import "bytes"

// room is for a parameter without its percent-encoding; a longer one costs memory.
type room [256]byte

// maxEscapes is how often a parameter is percent-decoded: forms encode what a page has encoded already.
const maxEscapes = 3

// mark is what bytes there are in a text, so that most are known to name nobody in one reading.
type mark uint8

const (
	escape mark = 1 << iota // %
	at                      // @
	pair                    // = and :
)

var markOf = [256]mark{'%': escape, '@': at, '=': pair, ':': pair}

func marksOf(text []byte) (m mark) {
	for _, b := range text {
		m |= markOf[b]
	}
	return m
}

// isPersonalPair says whether a parameter, name=value or a value alone, names a person.
func isPersonalPair(text []byte) bool {
	if len(text) < len("em=x") {
		return false
	}
	if m := marksOf(text); m&escape == 0 {
		return isPair(text, m)
	}
	var r room
	text, email := unescapedEmail(r[:0], text)
	return email || isPair(text, marksOf(text))
}

func isPair(text []byte, m mark) bool {
	name, value, named := bytes.Cut(text, []byte{'='})
	if !named {
		return isPersonalValue(text, m)
	}
	switch classOf(name) {
	case click:
		return m&at != 0 && hasEmail(text)
	case campaign:
		return m&at != 0 && hasEmail(text) || isPhone(value)
	case person:
		if !isFlag(value) {
			return true
		}
	case phoneOf:
		if isNumber(value) || isHash(value) {
			return true
		}
	}
	return m&at != 0 && hasEmail(name) || hasPackedEmail(name) || isPersonalValue(value, m)
}

// isPersonalSegment says whether a segment of a path names a person: by its value, or by parameters within it.
func isPersonalSegment(text []byte) bool {
	if len(text) < len("em=x") {
		return false
	}
	if m := marksOf(text); m&escape == 0 {
		return isPersonalValue(text, m)
	}
	var r room
	text, email := unescapedEmail(r[:0], text)
	return email || isPersonalValue(text, marksOf(text))
}

// isPersonalValue says whether an e-mail or a phone stands in a text, or a parameter that names a person.
func isPersonalValue(text []byte, m mark) bool {
	return m&at != 0 && hasEmail(text) || isPhone(text) || m&pair != 0 && hasPersonalPair(text) || hasPackedEmail(text)
}

// hasPersonalPair says whether parameters within a value, those of an address or members of JSON, name a person.
func hasPersonalPair(text []byte) bool {
	for len(text) > 0 {
		var one []byte
		if i := bytes.IndexAny(text, "?&;#{},[]/"); i >= 0 {
			one, text = text[:i], text[i+1:]
		} else {
			one, text = text, nil
		}
		i := bytes.IndexAny(one, "=:")
		if i < 0 {
			continue
		}
		name, value := bytes.Trim(one[:i], quotes), bytes.Trim(one[i+1:], quotes)
		switch classOf(name) {
		case person:
			if !isFlag(value) {
				return true
			}
		case phoneOf:
			if isNumber(value) || isHash(value) {
				return true
			}
		}
	}
	return false
}

const quotes = "\"' +"

// unescaped is a text without its percent-encoding; where it has none, itself.
func unescaped(dst, text []byte) []byte {
	for range maxEscapes {
		next, changed := unescapedOnce(dst, text)
		if !changed {
			break
		}
		dst, text = next[len(next):], next
	}
	return text
}

// unescapedEmail is unescaped that says whether an e-mail stands in the text before it is without all of its encoding: readers
// stop at different depths, and at one that is broken.
func unescapedEmail(dst, text []byte) (plain []byte, email bool) {
	for range maxEscapes {
		next, changed := unescapedOnce(dst, text)
		if !changed {
			break
		}
		email = email || hasEmail(text)
		dst, text = next[len(next):], next
	}
	return text, email
}

// unescapedOnce takes one layer of percent-encoding off; what is no escape stays.
func unescapedOnce(dst, text []byte) (plain []byte, changed bool) {
	if bytes.IndexByte(text, '%') < 0 {
		return text, false
	}
	start := len(dst)
	for i := 0; i < len(text); i++ {
		if text[i] == '%' && i+2 < len(text) && isHex(text[i+1]) && isHex(text[i+2]) {
			dst = append(dst, nibble(text[i+1])<<4|nibble(text[i+2]))
			i += 2
			continue
		}
		dst = append(dst, text[i])
	}
	return dst[start:], len(dst)-start < len(text)
}

func isHex(b byte) bool {
	return '0' <= b && b <= '9' || 'a' <= b|0x20 && b|0x20 <= 'f'
}

func nibble(b byte) byte {
	if b <= '9' {
		return b - '0'
	}
	return b | 0x20 - 'a' + 10
}

// hasEmail says whether an e-mail stands in a text: a@b.cc, but for logo@2x.png.
func hasEmail(text []byte) bool {
	for from := 0; ; from++ {
		i := bytes.IndexByte(text[from:], '@')
		if i < 0 {
			return false
		}
		if from += i; from > 0 && isLocal(text[from-1]) && isDomain(text[from+1:]) {
			return true
		}
	}
}

func isLocal(b byte) bool {
	return isAlnum(b) || b >= 0x80 || bytes.IndexByte([]byte("._+-!$'*^`{|}~"), b) >= 0
}

// isDomain says whether a text begins with a domain: labels with a dot between them, of which one behind the first
// begins with letters.
func isDomain(text []byte) bool {
	labels, last := 0, 0 // how many; which one is the last that may be a top-level domain
	begin := 0
	for i := 0; i <= len(text); i++ {
		if i < len(text) && (isAlnum(text[i]) || text[i] == '-' || text[i] >= 0x80) {
			continue
		}
		label := text[begin:i]
		if len(label) == 0 {
			break
		}
		if labels == 0 && isScale(label) {
			return false
		}
		labels++
		if beginsAsTop(label) {
			last = labels
		}
		if i == len(text) || text[i] != '.' {
			break
		}
		begin = i + 1
	}
	return last > 1
}

// isScale knows how pictures are named for finer screens: 2x.
func isScale(label []byte) bool {
	return len(label) == 2 && '1' < label[0] && label[0] <= '9' && label[1] == 'x'
}

// beginsAsTop says whether a label begins as a top-level domain does: with two letters.
func beginsAsTop(label []byte) bool {
	return len(label) > 1 && (isLetter(label[0]) || label[0] >= 0x80) && (isLetter(label[1]) || label[1] >= 0x80)
}

func isLetter(b byte) bool { return 'a' <= b|0x20 && b|0x20 <= 'z' }
func isDigit(b byte) bool  { return '0' <= b && b <= '9' }
func isAlnum(b byte) bool  { return isLetter(b) || isDigit(b) }

// isPhone says whether a text is a phone by itself: international, with its plus, or behind tel:. Digits alone may be an order.
func isPhone(text []byte) bool {
	for len(text) > 0 && text[0] == ' ' {
		text = text[1:]
	}
	if len(text) == 0 || text[0] != '+' && text[0]|0x20 != 't' {
		return false
	}
	if len(text) > 4 && bytes.EqualFold(text[:4], []byte("tel:")) {
		return isNumber(text[4:])
	}
	digits := digitsOf(text)
	return text[0] == '+' && digits >= 8 && digits <= 15
}

// isNumber says whether a text is a phone where its name says that it is one.
func isNumber(text []byte) bool {
	digits := digitsOf(text)
	return digits >= 6 && digits <= 17
}

// digitsOf counts the digits of a phone, -1 if there is something else in it than people write into phones.
func digitsOf(text []byte) int {
	n := 0
	for _, b := range text {
		switch {
		case isDigit(b):
			n++
		case b == '+' || b == ' ' || b == '-' || b == '(' || b == ')' || b == '.' || b == '/' || b >= 0x80:
		default:
			return -1
		}
	}
	return n
}

// isHash says whether a text is a digest in hex, of MD5 or SHA-256.
func isHash(text []byte) bool {
	if len(text) != 32 && len(text) != 64 {
		return false
	}
	for _, b := range text {
		if !isHex(b) {
			return false
		}
	}
	return true
}

// isFlag says whether a value says only yes or no, or nothing: an email=1 asks for a newsletter.
func isFlag(value []byte) bool {
	if len(value) > len("false") {
		return false
	}
	var room [8]byte
	switch string(appendLower(room[:0], value)) {
	case "", "0", "1", "true", "false", "yes", "no", "y", "n", "on", "off":
		return true
	}
	return false
}

func appendLower(dst, text []byte) []byte {
	for _, b := range text {
		if 'A' <= b && b <= 'Z' {
			b |= 0x20
		}
		dst = append(dst, b)
	}
	return dst
}
