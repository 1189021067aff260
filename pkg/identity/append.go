package identity

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
)

// Append appends the value as it is sent to Meta: 64 hex digits; for a value that came hashed its lower-cased hash with
// PB's suffix kept; for a key in clear the clear value. On a drop dst is unchanged.
func Append(dst []byte, k Key, raw []byte, f Form, c *Context) ([]byte, Drop) {
	if !k.Hashed() {
		return appendClear(dst, k, raw)
	}
	if f != Raw {
		if out, drop, hashed := appendHash(dst, raw, k, f); hashed {
			return out, drop
		}
		if f == DeclaredHashed {
			return dst, notHash(raw)
		}
	}
	n := len(dst)
	out, drop := appendRule(dst, k, raw, c)
	if drop != Kept {
		return out, drop
	}
	sum := sha256.Sum256(out[n:])
	return appendHex(out[:n], &sum), Kept
}

// appendHex appends a digest as hex digits, four bytes at a time.
func appendHex(dst []byte, sum *[sha256.Size]byte) []byte {
	for i := 0; i < len(sum); i += 4 {
		dst = binary.LittleEndian.AppendUint64(dst, hexPairs[sum[i]]|hexPairs[sum[i+1]]<<16|hexPairs[sum[i+2]]<<32|hexPairs[sum[i+3]]<<48)
	}
	return dst
}

// hexPairs are the two hex digits of each byte, the higher half's first.
var hexPairs = func() (table [256]uint64) {
	const digits = "0123456789abcdef"
	for b := range table {
		table[b] = uint64(digits[b>>4]) | uint64(digits[b&15])<<8
	}
	return table
}()

// AppendNormalized appends the text that Append would hash. For keys in clear, and for values that came hashed, it
// appends the text that is sent. On a drop dst is unchanged.
func AppendNormalized(dst []byte, k Key, raw []byte, f Form, c *Context) ([]byte, Drop) {
	if !k.Hashed() {
		return appendClear(dst, k, raw)
	}
	if f != Raw {
		if out, drop, hashed := appendHash(dst, raw, k, f); hashed {
			return out, drop
		}
		if f == DeclaredHashed {
			return dst, notHash(raw)
		}
	}
	return appendRule(dst, k, raw, c)
}

// Distinct returns Duplicate if value is already in seen, the earlier values of its list, else Kept. PB's suffix is not
// compared: it is only telemetry.
func Distinct(seen [][]byte, value []byte) Drop {
	for _, s := range seen {
		if bytes.Equal(withoutSuffix(s), withoutSuffix(value)) {
			return Duplicate
		}
	}
	return Kept
}

// appendRule applies the rule of a key that Meta takes hashed. On a drop it returns dst as it was, whatever the rule
// appended.
func appendRule(dst []byte, k Key, raw []byte, c *Context) ([]byte, Drop) {
	n := len(dst)
	if isSuspect(k, raw) {
		tidied, drop := tidy(k, raw)
		if drop != Kept {
			return dst, drop
		}
		raw = tidied
	}
	out, drop := dst, Malformed
	switch k {
	case Em:
		out, drop = appendEmail(dst, raw)
	case Ph:
		out, drop = appendPhone(dst, raw, c)
	case Fn, Ln:
		out, drop = appendName(dst, raw)
	case F5First, F5Last:
		out, drop = appendNameStart(dst, raw, 5)
	case Fi:
		out, drop = appendNameStart(dst, raw, 1)
	case Ge:
		out, drop = appendGender(dst, raw)
	case Db:
		out, drop = appendBirthDate(dst, raw, c)
	case Dobd:
		out, drop = appendBirthPart(dst, raw, 31)
	case Dobm:
		out, drop = appendBirthPart(dst, raw, 12)
	case Doby:
		out, drop = appendBirthYear(dst, raw)
	case Ct:
		out, drop = appendCity(dst, raw)
	case St:
		out, drop = appendState(dst, raw, c)
	case Zp:
		out, drop = appendZip(dst, raw, c)
	case Country:
		out, drop = appendCountry(dst, raw)
	case ExternalID:
		out, drop = appendExternalID(dst, raw)
	}
	if drop != Kept {
		return out[:n], drop
	}
	return out, Kept
}

// appendClear applies the rule of a key that Meta takes in clear.
func appendClear(dst []byte, k Key, raw []byte) ([]byte, Drop) {
	text := trim(raw)
	if isSuspect(k, text) {
		tidied, drop := tidy(k, text)
		if drop != Kept {
			return dst, drop
		}
		text = tidied
	}
	switch k {
	case ClientIPAddress:
		return appendAddress(dst, text)
	case ClientUserAgent:
		return appendUserAgent(dst, text)
	case Fbc, Fbp:
		return appendClick(dst, text)
	case LeadID:
		return appendDigits(dst, text, 15, 17)
	case FbLoginID:
		return appendDigits(dst, text, 1, 20)
	case Madid:
		return appendMadid(dst, text)
	case SubscriptionID, AnonID, PageID, PageScopedUserID, CtwaClid, WhatsAppBusinessAccountID, IgAccountID,
		InstagramBusinessAccountID, IgSID:
		return appendID(dst, text)
	default:
		return dst, Malformed
	}
}
