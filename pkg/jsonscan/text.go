package jsonscan

import (
	"bytes"
	"unicode/utf16"
	"unicode/utf8"
)

// Text returns the text of a checked string value: a slice of it if it has no escapes, else appended to scratch (nil: a
// new one). For a number, true or false it is the literal; for null, objects and arrays nil. An empty string is empty,
// not nil. What was appended to scratch before stays as it is.
func Text(value []byte, scratch *[]byte) []byte {
	if n := len(value); n >= 2 && value[0] == '"' && value[n-1] == '"' {
		return Key(value[1:n-1], scratch)
	}
	value = Trim(value)
	switch Kind(value) {
	case 's':
		if len(value) < 2 {
			return nil
		}
		return Key(value[1:len(value)-1], scratch)
	case 'n', 't', 'f':
		return value
	}
	return nil
}

// Key returns the text of a key as Object hands it out: itself if it has no escapes, else appended to scratch (nil: a
// new one).
func Key(key []byte, scratch *[]byte) []byte {
	if bytes.IndexByte(key, '\\') < 0 {
		return key
	}
	if scratch == nil {
		return appendUnescaped(nil, key)
	}
	start := len(*scratch)
	*scratch = appendUnescaped(*scratch, key)
	return (*scratch)[start:len(*scratch):len(*scratch)]
}

// appendUnescaped appends the inside of a string with its escapes resolved; half a surrogate pair is U+FFFD.
func appendUnescaped(dst, s []byte) []byte {
	for {
		i := bytes.IndexByte(s, '\\')
		if i < 0 || i+1 >= len(s) {
			return append(dst, s...)
		}
		dst = append(dst, s[:i]...)
		n := 2
		switch b := s[i+1]; b {
		case 'b':
			dst = append(dst, '\b')
		case 'f':
			dst = append(dst, '\f')
		case 'n':
			dst = append(dst, '\n')
		case 'r':
			dst = append(dst, '\r')
		case 't':
			dst = append(dst, '\t')
		case 'u':
			r := rune(hex4(s, i+2))
			n = 6
			if utf16.IsSurrogate(r) {
				if r = utf16.DecodeRune(r, rune(escaped(s, i+6))); r != utf8.RuneError {
					n = 12
				}
			}
			dst = utf8.AppendRune(dst, r)
		default:
			dst = append(dst, b)
		}
		s = s[min(i+n, len(s)):]
	}
}

const hexDigits = "0123456789abcdef"

// AppendString appends text as a JSON string, quotes included. Invalid UTF-8 becomes U+FFFD; no HTML escaping.
func AppendString(dst, text []byte) []byte {
	dst = append(dst, '"')
	for i := 0; i < len(text); {
		end := skipPlain(text, i)
		dst = append(dst, text[i:end]...)
		if i = end; i >= len(text) {
			break
		}
		b := text[i]
		if b >= utf8.RuneSelf {
			r, n := utf8.DecodeRune(text[i:])
			dst = utf8.AppendRune(dst, r)
			i += n
			continue
		}
		switch b {
		case '"', '\\':
			dst = append(dst, '\\', b)
		case '\n':
			dst = append(dst, '\\', 'n')
		case '\r':
			dst = append(dst, '\\', 'r')
		case '\t':
			dst = append(dst, '\\', 't')
		default:
			dst = append(dst, '\\', 'u', '0', '0', hexDigits[b>>4], hexDigits[b&15])
		}
		i++
	}
	return append(dst, '"')
}

// AppendCompact appends a checked value without white space and with null members and elements kept. Half a surrogate pair
// becomes U+FFFD, so that a parser which refuses halves takes what is appended.
func AppendCompact(dst, value []byte) []byte {
	start := len(dst)
	for i := 0; i < len(value); {
		switch b := value[i]; {
		case b == '"':
			end := skipString(value, i)
			dst = append(dst, value[i:end]...)
			i = end
		case isSpace(b):
			i++
		default:
			dst = append(dst, b)
			i++
		}
	}
	Mend(dst[start:])
	return dst
}
