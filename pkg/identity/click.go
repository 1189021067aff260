package identity

import (
	"bytes"
	"encoding/hex"
	"strconv"

	"github.com/omnicapi/omnicapi/pkg/nothing"
)

// longestFbclid is PB's bound; a longer fbclid is ignored.
const longestFbclid = 500

// appendClick is PB's check of fbc and fbp: fb.<subdomain index>.<creation time>.<payload>, with or without PB's
// suffix. A value that passes is kept byte for byte, since it is case-sensitive.
func appendClick(dst, text []byte) ([]byte, Drop) {
	if len(text) > longestID || !isClick(text) {
		return dst, Malformed
	}
	return append(dst, text...), Kept
}

// IsClick says whether Append would keep text as fbc or fbp.
func IsClick(text []byte) bool {
	text = trim(text)
	return len(text) <= longestID && isClick(text)
}

func isClick(text []byte) bool {
	version, rest, _ := cut(text, '.')
	index, rest, _ := cut(rest, '.')
	created, rest, ok := cut(rest, '.')
	payload, appendix, hasAppendix := cut(rest, '.')
	return ok && string(version) == "fb" && allDigits(index) && allDigits(created) && isGraphic(payload) &&
		(!hasAppendix || isSuffix(appendix)) && !nothing.IsID(payload)
}

// cut is bytes.Cut for a separator of one byte.
func cut(text []byte, by byte) (before, after []byte, found bool) {
	if i := bytes.IndexByte(text, by); i >= 0 {
		return text[:i], text[i+1:], true
	}
	return text, nil, false
}

// AppendFbc builds fbc from a real fbclid: fb.1.<ms, when it was first seen>.<fbclid>. If fbclid is not a valid one,
// nothing is appended.
func AppendFbc(dst, fbclid []byte, ms int64) []byte {
	if !isFbclid(fbclid) || ms < 0 {
		return dst
	}
	dst = append(dst, "fb.1."...)
	dst = strconv.AppendInt(dst, ms, 10)
	dst = append(dst, '.')
	return append(dst, fbclid...)
}

// FbclidOf returns the parameter fbclid of a URL's query, percent-decoded once; nil if there is none. The result shares
// the URL's memory unless something had to be decoded.
func FbclidOf(url []byte) []byte {
	url, _, _ = cut(url, '#')
	_, query, _ := cut(url, '?')
	for len(query) > 0 {
		var pair []byte
		pair, query, _ = cut(query, '&')
		name, value, _ := cut(pair, '=')
		if string(name) != "fbclid" {
			continue
		}
		if len(query) == 0 { // PB adds its suffix to the whole URL
			value = withoutSuffix(value)
		}
		if value = unescape(value); isFbclid(value) {
			return value
		}
	}
	return nil
}

// isFbclid checks a click id's length, and refuses characters that would break the segments of fbc, and words for no click.
func isFbclid(text []byte) bool {
	return len(text) <= longestFbclid && isGraphic(text) && bytes.IndexByte(text, '.') < 0 && !nothing.IsID(text)
}

// unescape decodes percent escapes once. A broken escape stays as it is, as browsers leave it.
func unescape(text []byte) []byte {
	at := bytes.IndexByte(text, '%')
	if at < 0 {
		return text
	}
	out := append(make([]byte, 0, len(text)), text[:at]...)
	for i := at; i < len(text); i++ {
		if text[i] == '%' && i+2 < len(text) {
			var b [1]byte
			if _, err := hex.Decode(b[:], text[i+1:i+3]); err == nil {
				out = append(out, b[0])
				i += 2
				continue
			}
		}
		out = append(out, text[i])
	}
	return out
}

func allDigits(text []byte) bool {
	for _, b := range text {
		if !isDigit(b) {
			return false
		}
	}
	return len(text) > 0
}

// isGraphic says whether text is one or more visible ASCII characters: click and browser ids have no others.
func isGraphic(text []byte) bool {
	for _, b := range text {
		if b <= ' ' || b >= 0x7F {
			return false
		}
	}
	return len(text) > 0
}
