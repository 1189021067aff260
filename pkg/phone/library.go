package phone

import (
	"strconv"
	"strings"
	"unicode"

	"github.com/nyaruka/phonenumbers"
)

// longestPhone is the library's bound for its input.
const longestPhone = 250

// appendByLibrary is the whole policy for phones, written as calls of libphonenumber.
func appendByLibrary(dst, text []byte, home string) ([]byte, bool) {
	number, plus, zeros := start(text)
	if len(number) == 0 || len(number) > longestPhone {
		return dst, false
	}
	written, region := string(number), strings.ToUpper(home)
	if !plus && !zeros {
		if isForeign(written, region) {
			if out, ok := appendValid(dst, "+"+written, ""); ok {
				return out, true
			}
		}
		if out, ok := appendValid(dst, written, region); ok {
			return out, true
		}
		if out, ok := appendValid(dst, "+"+written, ""); ok {
			return out, true
		}
		return dst, false
	}
	if zeros {
		written = "+" + written[2:]
	}
	if out, ok := appendValid(dst, written, region); ok {
		return out, true
	}
	if zeros { // some countries dial out with 00 and more: 0011 in Australia
		if out, ok := appendValid(dst, string(number), region); ok {
			return out, true
		}
	}
	written = "+" + strings.TrimLeft(written, "+＋ ()-./0")
	return appendUnknown(dst, written)
}

// isForeign says whether a number written without a plus may be international all the same: region's numbers have a trunk
// prefix, and it begins with the calling code, not with the prefix.
func isForeign(written, region string) bool {
	trunk, digits := phonenumbers.GetNddPrefixForRegion(region, true), phonenumbers.NormalizeDigitsOnly(written)
	calling := strconv.Itoa(phonenumbers.GetCountryCodeForRegion(region))
	return trunk != "" && !strings.HasPrefix(digits, trunk) && strings.HasPrefix(digits, calling)
}

// appendValid appends a number if it is valid when read as one of region.
func appendValid(dst []byte, written, region string) ([]byte, bool) {
	if region == "" && !strings.HasPrefix(written, "+") && !strings.HasPrefix(written, "＋") {
		return dst, false
	}
	number, err := phonenumbers.Parse(written, region)
	if err != nil || !phonenumbers.IsValidNumber(number) {
		return dst, false
	}
	return appendE164(dst, number), true
}

// appendUnknown appends an international number even if no numbering plan has it. If the library can't parse it, its
// digits are appended as they were written.
func appendUnknown(dst []byte, written string) ([]byte, bool) {
	n := len(dst)
	if number, err := phonenumbers.Parse(written, ""); err == nil {
		dst = appendE164(dst, number)
	} else {
		dst = append(dst, phonenumbers.NormalizeDigitsOnly(written)...)
	}
	if digits := len(dst) - n; digits < fewestDigits || digits > mostDigits {
		return dst[:n], false
	}
	return dst, true
}

func appendE164(dst []byte, number *phonenumbers.PhoneNumber) []byte {
	dst = strconv.AppendInt(dst, int64(number.GetCountryCode()), 10)
	return append(dst, phonenumbers.GetNationalSignificantNumber(number)...)
}

// isDecimal says whether r is a decimal digit of any script, which the library takes as a digit.
func isDecimal(r rune) bool { return unicode.IsDigit(r) }
