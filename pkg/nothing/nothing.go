// Package nothing knows the words that programs write where they have no value: a script's undefined, a database's \N, a
// spreadsheet's #N/A. Whoever reads a value of a sender's asks it: the match keys, the ids that ingest and mappers read, the
// cells of files. It refuses to judge what is a poor value, but still one.
package nothing

import "bytes"

// What bounds the words, and the zeros of an id.
const (
	longest      = len("[object undefined]")
	longestZeros = len("00000000-0000-0000-0000-000000000000")
)

// Is says whether a text is a program's word for no value, in any case, or only white space.
func Is(text []byte) bool {
	if n := len(text); n > 0 && isVisible(text[n-1]) {
		if begins[text[0]] == 0 {
			return false
		}
		if isVisible(text[0]) {
			return is(text)
		}
	}
	return is(bytes.TrimSpace(text))
}

// IsID is Is for what identifies something: a person, an order, an event, a click. There a zero, and a word for somebody
// unknown, stand for none, too.
func IsID(text []byte) bool {
	if len(text) > 0 && begins[text[0]]|beginsID[text[0]] == 0 {
		return false
	}
	if len(text) == 0 || !isVisible(text[0]) || !isVisible(text[len(text)-1]) {
		text = bytes.TrimSpace(text)
	}
	if is(text) {
		return true
	}
	switch {
	case text[0] == '0':
		return len(text) <= longestZeros && isZero(text)
	case len(text) > longest || beginsID[text[0]] == 0:
		return false
	}
	switch len(text) {
	case len("guest"), len("unknown"), len("anonymous"), len("bnc_no_value"):
	default:
		return false
	}
	var room [longest]byte
	switch string(fold(room[:0], text)) {
	case "unknown", "guest", "anonymous", "bnc_no_value":
		return true
	}
	return false
}

// Begins says whether what Is knows may begin with a byte, and whether what IsID knows may: who has many values looks at
// their first bytes.
func Begins(first byte) (word, id bool) {
	return begins[first] != 0, begins[first]|beginsID[first] != 0
}

func is(text []byte) bool {
	switch {
	case len(text) == 0:
		return true
	case beginsVariable[text[0]] && isPlaceholder(text):
		return true
	case len(text) > longest || lengths[text[0]]>>len(text)&1 == 0:
		return false
	}
	var room [longest]byte
	return isWord(fold(room[:0], text))
}

// words are the words for nothing, in lower case.
var words = [...]string{
	"undefined", "null", "(null)", "<null>", "\\n", // scripts, C and Java, databases
	"nil", "<nil>", "<no value>", "none", "(none)", "nan", "nat", "<na>", // Ruby and Go, Python
	"n/a", "#n/a", "#ref!", "#value!", "#name?", "#div/0!", "#null!", "#num!", // people and spreadsheets
	"[object object]", "[object undefined]", "[object null]",
	"(not set)", "not set", // analytics
	"-", "--", "---",
}

func isWord(folded []byte) bool {
	for _, word := range words {
		if string(folded) == word {
			return true
		}
	}
	return false
}

// lengths has, by the byte that they begin with in either case, a bit for each length of the words.
var lengths = func() (table [256]uint32) {
	for _, word := range words {
		for _, first := range [...]byte{word[0], bytes.ToUpper([]byte(word[:1]))[0]} {
			table[first] |= 1 << len(word)
		}
	}
	return table
}()

// begins has, of the bytes that a text may begin with, those of the words, of white space and of what may be one, so that
// most values are known to be none at once; beginsID has those of the words for ids.
var begins, beginsID = func() (words, ids [256]byte) {
	for _, c := range []byte("uUnN(<\\#[-{$%*") {
		words[c] = 1
	}
	for c := range words {
		if c <= ' ' || c >= 0x7F {
			words[c] = 1
		}
	}
	for _, c := range []byte("0uUgGaAbB") {
		ids[c] = 1
	}
	return words, ids
}()

// placeholders are how templates of pages, shops, mails and ads write a variable: what stands before it and behind it.
var placeholders = [...][2]string{
	{"{{", "}}"}, {"{", "}"}, {"${", "}"}, {"#{", "}"}, {"[[", "]]"}, {"*|", "|*"}, {"%%", "%%"}, {"%", "%"},
}

// beginsVariable has what a variable begins with.
var beginsVariable = [256]bool{'{': true, '$': true, '#': true, '[': true, '*': true, '%': true}

// isPlaceholder knows a template's variable that nobody filled in: {{customer.email}}, *|FNAME|*.
func isPlaceholder(text []byte) bool {
	for i, p := range placeholders {
		if len(text) < len(p[0])+len(p[1]) || string(text[:len(p[0])]) != p[0] || string(text[len(text)-len(p[1]):]) != p[1] {
			continue
		}
		if i == 0 || isVariable(text[len(p[0]):len(text)-len(p[1])]) {
			return true
		}
	}
	return false
}

// isVariable says whether a text is the name of a variable: letters with _ and . between them. A UUID in braces has digits.
func isVariable(text []byte) bool {
	for i, c := range text {
		if letter := 'a' <= c|0x20 && c|0x20 <= 'z'; !letter && (i == 0 || c != '_' && c != '.') {
			return false
		}
	}
	return len(text) > 1
}

// isVisible says whether b is a visible ASCII character, so certainly no white space.
func isVisible(b byte) bool { return b > ' ' && b < 0x7F }

// isZero knows zeros alone, also as a fraction and as the UUID of nobody.
func isZero(text []byte) bool {
	for _, c := range text {
		if c != '0' && c != '-' && c != '.' {
			return false
		}
	}
	return true
}

func fold(dst, text []byte) []byte {
	for _, c := range text {
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		dst = append(dst, c)
	}
	return dst
}
