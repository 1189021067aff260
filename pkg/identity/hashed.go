package identity

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"

	"github.com/omnicapi/omnicapi/pkg/nothing"
)

// The numbers of hex digits by which a value is known to be a digest already.
const (
	sha256Digits = 64
	md5Digits    = 32
)

// The digests of the empty string. Senders that hash without looking produce them, and they match nobody.
const (
	emptySHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
	emptyMD5    = "d41d8cd98f00b204e9800998ecf8427e"
)

// digestsOfNothing are those of programs' words for nothing, by what they are: senders hash them as they hash a value.
var digestsOfNothing = func() map[string]nature {
	known := map[string]nature{}
	add := func(of nature, words ...string) {
		for _, word := range words {
			sum := sha256.Sum256([]byte(word))
			known[hex.EncodeToString(sum[:])] = of
		}
	}
	add(0, "undefined", "nil", "none", "None", "nan", "NaN", "n/a", "N/A", "#N/A", "(null)", "[object object]", "[object Object]", `\N`, "-")
	add(isFamily, "null", "NULL", "Null")
	add(isID, "0", "unknown", "guest", "anonymous", "bnc_no_value")
	return known
}()

// isDigestOfNothing says whether a SHA-256, in lower case, is of no value for a key.
func isDigestOfNothing(k Key, digest []byte) bool {
	of, known := digestsOfNothing[string(digest)]
	switch {
	case !known:
		return false
	case of == isFamily:
		return natures[k]&isFamily == 0
	case of == isID:
		return natures[k]&isID != 0
	}
	return true
}

// appendHash appends a value that came hashed: its hex digits lower-cased, then PB's suffix as it came. hashed is false
// if raw is no hash. SHA-1 and 63 or 65 digits never are one; base64 of a SHA-256 is one; 32 digits are one only if the
// sender declared so, since a UUID without its dashes looks the same.
func appendHash(dst []byte, k Key, raw []byte, f Form) (out []byte, drop Drop, hashed bool) {
	if len(raw) < md5Digits {
		return dst, Kept, false
	}
	text := withoutMark(k, raw)
	if n := len(text); n == base64Digits || n == base64Padded {
		if out, hashed = appendBase64(dst, text, k, f); !hashed {
			return dst, Kept, false
		}
		if digest := out[len(dst):]; string(digest) == emptySHA256 || isDigestOfNothing(k, digest) {
			return dst, Empty, true
		}
		return out, Kept, true
	}
	digest := withoutSuffix(text)
	if len(digest) != sha256Digits && (len(digest) != md5Digits || f != DeclaredHashed) {
		return dst, Kept, false
	}
	n := len(dst)
	for _, b := range digest {
		b = lowerASCII(b)
		if !isDigit(b) && (b < 'a' || b > 'f') {
			return dst[:n], Kept, false
		}
		dst = append(dst, b)
	}
	if h := dst[n:]; string(h) == emptySHA256 || string(h) == emptyMD5 || isDigestOfNothing(k, h) {
		return dst[:n], Empty, true
	}
	return append(dst, text[len(digest):]...), Kept, true
}

// notHash returns why a value is dropped that was declared hashed but is no hash: nobody can know what it is instead.
func notHash(raw []byte) Drop {
	if nothing.Is(raw) {
		return Empty
	}
	return Malformed
}

// withoutSuffix cuts PB's suffix: the text after the last dot, if it has the shape of a suffix.
func withoutSuffix(text []byte) []byte {
	dot := bytes.LastIndexByte(text, '.')
	if dot < 0 || !isSuffix(text[dot+1:]) {
		return text
	}
	return text[:dot]
}

// isSuffix says whether s has one of the two shapes of PB's suffix: a language token, or six bytes in unpadded
// base64url.
func isSuffix(s []byte) bool {
	switch len(s) {
	case 2:
		switch string(s) {
		case "AQ", "Ag", "Aw", "BA", "BQ", "Bg":
			return true
		}
		return false
	case 8:
		for _, b := range s {
			if !isAlnum(b) && b != '-' && b != '_' {
				return false
			}
		}
		return true
	default:
		return false
	}
}
