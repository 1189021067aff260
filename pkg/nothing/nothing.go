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
func Is(text []byte) bool { return is(bytes.TrimSpace(text)) }

func is(text []byte) bool {
	if len(text) == 0 {
		return true
	}
	if len(text) > longest || !mayBegin[text[0]] {
		return isPlaceholder(text)
	}
	var room [longest]byte
	return isWord(fold(room[:0], text)) || isPlaceholder(text)
}

// IsID is Is for what identifies something: a person, an order, an event, a click. There a zero, and a word for somebody
// unknown, stand for none, too.
func IsID(text []byte) bool {
	text = bytes.TrimSpace(text)
	if is(text) {
		return true
	}
	switch text[0] {
	case '0':
		return len(text) <= longestZeros && isZero(text)
	case 'u', 'U', 'g', 'G', 'a', 'A', 'b', 'B':
	default:
		return false
	}
	if len(text) > longest {
		return false
	}
	var room [longest]byte
	switch string(fold(room[:0], text)) {
	case "unknown", "guest", "anonymous", "bnc_no_value":
		return true
	}
	return false
}

func isWord(folded []byte) bool {
	switch string(folded) {
	case "undefined", "null", "(null)", "<null>", "\\n", // scripts, C and Java, databases
		"nil", "<nil>", "<no value>", "none", "(none)", "nan", "nat", "<na>", // Ruby and Go, Python
		"n/a", "#n/a", "#ref!", "#value!", "#name?", "#div/0!", "#null!", "#num!", // people and spreadsheets
		"[object object]", "[object undefined]", "[object null]",
		"(not set)", "not set", // analytics
		"-", "--", "---":
		return true
	}
	return false
}

// mayBegin says with which bytes a word begins, so that most values are known to be none at once.
var mayBegin = func() (table [256]bool) {
	for _, c := range []byte("uUnN(<\\#[-") {
		table[c] = true
	}
	return table
}()

// isPlaceholder knows a template's variable that nobody filled in: {{customer.email}}.
func isPlaceholder(text []byte) bool {
	return len(text) >= len("{{}}") && text[0] == '{' && bytes.HasPrefix(text, []byte("{{")) && bytes.HasSuffix(text, []byte("}}"))
}

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
