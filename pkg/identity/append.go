package identity

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
)

// Append appends the value as it is sent to Meta: 64 hex digits; for a value that came hashed its lower-cased hash with
// PB's suffix kept; for a key in clear the clear value. On a drop dst is unchanged.
func Append(dst []byte, k Key, raw []byte, f Form, c *Context) ([]byte, Drop) {
	n := len(dst)
	out, drop, done := appendAsItCame(dst, k, raw, f)
	if done {
		return out, drop
	}
	if out, drop = appendRule(dst, k, raw, c); drop != Kept {
		return out, drop
	}
	sum := sha256.Sum256(out[n:])
	return appendHex(out[:n], &sum), Kept
}

// appendAsItCame appends what is sent without hashing it: the values of keys in clear, and those that came hashed. done:
// the value is appended or dropped; else it is one to be normalized and hashed.
func appendAsItCame(dst []byte, k Key, raw []byte, f Form) (out []byte, drop Drop, done bool) {
	if !k.Hashed() {
		out, drop = appendClear(dst, k, raw)
		return out, drop, true
	}
	if f == Raw {
		return dst, Kept, false
	}
	if out, drop, done = appendHash(dst, k, raw, f); done {
		return out, drop, true
	}
	if f == DeclaredHashed {
		return dst, notHash(raw), true
	}
	return dst, Kept, false
}

// appendHex appends a digest as hex digits, four bytes at a time.
func appendHex(dst []byte, sum *[sha256.Size]byte) []byte {
	dst = append(dst, make([]byte, 2*sha256.Size)...)
	digits := dst[len(dst)-2*sha256.Size:]
	for i := 0; i < len(sum); i += 4 {
		// Each byte's halves are spread to two bytes, the higher one first.
		x := uint64(binary.LittleEndian.Uint32(sum[i:]))
		x = (x | x<<16) & 0x0000ffff0000ffff
		x = (x | x<<8) & 0x00ff00ff00ff00ff
		x = (x&0x000f000f000f000f)<<8 | x>>4&0x000f000f000f000f
		letters := (x + 0x0606060606060606) >> 4 & 0x0101010101010101 // 1 where a half is ten or more
		binary.LittleEndian.PutUint64(digits[2*i:], x+0x3030303030303030+letters*('a'-'0'-10))
	}
	return dst
}

// AppendNormalized appends the text that Append would hash. For keys in clear, and for values that came hashed, it
// appends the text that is sent. On a drop dst is unchanged.
func AppendNormalized(dst []byte, k Key, raw []byte, f Form, c *Context) ([]byte, Drop) {
	if out, drop, done := appendAsItCame(dst, k, raw, f); done {
		return out, drop
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
	raw, drop := tidy(k, withoutMark(k, raw))
	if drop != Kept {
		return dst, drop
	}
	out := dst
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
	default:
		drop = Malformed
	}
	if drop != Kept {
		return out[:n], drop
	}
	return out, Kept
}

// appendClear applies the rule of a key that Meta takes in clear.
func appendClear(dst []byte, k Key, raw []byte) ([]byte, Drop) {
	text, drop := tidy(k, withoutMark(k, raw))
	if drop != Kept {
		return dst, drop
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
