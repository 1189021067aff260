package pageurl

import "bytes"

// MayHold says whether an address may stand in a text, as it is or as JSON writes it: most texts are known to hold none in
// one reading.
func MayHold(text []byte) bool {
	for _, b := range text {
		if b == '/' || b == '?' || b == '#' || b == '%' {
			return true
		}
	}
	return false
}

// AppendPublicText is AppendPublic for a text that may be an address, or hold some among words.
func AppendPublicText(dst, text []byte) (out []byte, changed bool) {
	return appendText(dst, text, true)
}

// AppendTextWithoutCredentials is AppendPublicText for credentials alone.
func AppendTextWithoutCredentials(dst, text []byte) (out []byte, changed bool) {
	return appendText(dst, text, false)
}

func appendText(dst, text []byte, persons bool) ([]byte, bool) {
	switch {
	case !MayHold(text):
		return dst, false
	case begins(text):
		return appendWithout(dst, text, persons)
	case bytes.ContainsAny(text, delimiters):
		return appendWords(dst, text, persons)
	case isAddress(text, persons):
		return appendWithout(dst, text, persons)
	}
	return dst, false
}

// begins says whether a text begins as an address does: such a one may hold spaces that nobody escaped.
func begins(text []byte) bool {
	if text[0] == '/' || text[0] == '?' || text[0] == '#' {
		return true
	}
	i := bytes.Index(text, slashes)
	return i > 0 && isScheme(text[:i])
}

// delimiters stand around addresses in prose and in HTML, never in one.
const delimiters = " \t\r\n\"<>"

// appendWords cleans the words of a text that are addresses.
func appendWords(dst, text []byte, persons bool) ([]byte, bool) {
	start, done, changed := len(dst), 0, false
	for at := 0; at < len(text); {
		end := len(text)
		if i := bytes.IndexAny(text[at:], delimiters); i >= 0 {
			end = at + i
		}
		if word := text[at:end]; bytes.Contains(word, slashes) || at == 0 && len(word) > 0 && word[0] == '/' {
			mark := len(dst)
			dst = append(dst, text[done:at]...)
			if out, is := appendWithout(dst, word, persons); is {
				dst, done, changed = out, end, true
			} else {
				dst = dst[:mark]
			}
		}
		at = end + 1
	}
	if !changed {
		return dst[:start], false
	}
	return append(dst, text[done:]...), true
}

// isAddress says whether a text without white space is an address: from its scheme, its path, its query or its fragment on, or
// one that lost its scheme. Credentials are looked for in more than persons are: an e-mail is no address.
func isAddress(text []byte, persons bool) bool {
	if text[0] == '{' || text[0] == '[' {
		return false
	}
	if bytes.Contains(text, slashes) || hasEscapedScheme(text) {
		return true
	}
	query := bytes.IndexAny(text, "?#")
	return query > 0 && bytes.IndexByte(text[query:], '=') > 0 || !persons && bytes.IndexByte(text, '/') > 0
}

// hasEscapedScheme says whether a text begins with a scheme that was percent-encoded.
func hasEscapedScheme(text []byte) bool {
	i := bytes.IndexByte(text, '%')
	if i <= 0 || i > len("android-app") || !isScheme(append(bytes.Clone(text[:i]), ':')) {
		return false
	}
	var r room
	plain := unescaped(r[:0], text)
	return len(plain) > i+2 && string(plain[i:i+3]) == "://"
}
