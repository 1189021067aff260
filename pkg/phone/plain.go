package phone

import (
	"bytes"
	"math/bits"
	"strconv"
)

// The bounds within which libphonenumber takes text of plain shape as a phone number.
const (
	longestPlainPhone = 64
	fewestPlainDigits = 3
	mostPlainDigits   = 20
	fewestNational    = 2
	mostNational      = 17
)

// appendPlain reads a phone of plain shape as the library would: digits with spaces and the usual marks between them,
// perhaps a plus before. If sure is false, the library must be asked.
func appendPlain(dst, text []byte, home string) (out []byte, ok, sure bool) {
	var buf [mostPlainDigits]byte
	digits, plus, ok := plainDigits(buf[:0], text)
	if !ok {
		return dst, false, false
	}
	zeros := !plus && digits[0] == '0' && digits[1] == '0'
	switch {
	case plus || zeros:
		if zeros {
			if text[bytes.IndexByte(text, '0')+1] != '0' || len(digits) < fewestPlainDigits+2 {
				return dst, false, false
			}
			digits = digits[2:]
		}
		// A number that is not valid may still be kept: appendUnknown decides, with the library.
		out, valid, sure := appendInternational(dst, digits)
		return out, valid, sure && valid
	default:
		if r := regionOf(home); r != nil {
			foreign, sure := r.isForeign(digits)
			if !sure {
				return dst, false, false
			}
			if foreign {
				if out, valid, sure := appendInternational(dst, digits); !sure || valid {
					return out, valid, sure
				}
			}
			if out, valid, sure := appendNational(dst, digits, r); !sure || valid {
				return out, valid, sure
			}
		}
		return appendInternational(dst, digits)
	}
}

// plainDigits appends the digits of a phone of plain shape.
func plainDigits(digits, text []byte) (out []byte, plus, ok bool) {
	if len(text) > longestPlainPhone {
		return digits, false, false
	}
	for _, b := range text {
		switch {
		case b >= '0' && b <= '9':
			if len(digits) == mostPlainDigits {
				return digits, plus, false
			}
			digits = append(digits, b)
		case b == '+' && !plus && len(digits) == 0:
			plus = true
		case b != ' ' && b != '-' && b != '.' && b != '(' && b != ')' && b != '/':
			return digits, plus, false
		}
	}
	return digits, plus, len(digits) >= fewestPlainDigits
}

// isForeign says whether digits that were written without a plus may be international all the same: in a region whose
// numbers have a trunk prefix they begin with the calling code, and not with the prefix.
func (r *region) isForeign(digits []byte) (foreign, sure bool) {
	var buf [4]byte
	if r.mayTrunk == [10]uint16{} || !bytes.HasPrefix(digits, strconv.AppendUint(buf[:0], uint64(r.calling), 10)) {
		return false, true
	}
	if r.trunk == "" { // the library knows the prefix
		return false, false
	}
	return !bytes.HasPrefix(digits, []byte(r.trunk)), true
}

// appendInternational reads a number that begins with its calling code.
func appendInternational(dst, digits []byte) (out []byte, valid, sure bool) {
	if len(digits) < fewestPlainDigits || digits[0] == '0' {
		return dst, false, false
	}
	calling, national := callingOf(digits)
	if calling == nil {
		return dst, false, false
	}
	return appendNumber(dst, calling, national, &regions[calling.main])
}

// appendNational reads a number as it is dialled within a region. It may also begin with the region's own calling code
// without a plus.
func appendNational(dst, digits []byte, r *region) (out []byte, valid, sure bool) {
	if begins(digits, &r.mayIDD) {
		return dst, false, false
	}
	calling := &callingCodes[places.callings[r.calling]-1]
	var buf [4]byte
	if rest, ok := bytes.CutPrefix(digits, strconv.AppendUint(buf[:0], uint64(r.calling), 10)); ok {
		national, sure := r.withoutTrunk(rest)
		if !sure {
			return dst, false, false
		}
		if !accepts(r.general, digits) && accepts(r.general, national) || r.tooLong(digits) {
			return appendNumber(dst, calling, national, &regions[calling.main])
		}
	}
	return appendNumber(dst, calling, digits, r)
}

// appendNumber leaves out the trunk prefix, if the rest has a length that the region dials, and appends the number if
// it is valid.
func appendNumber(dst []byte, calling *callingCode, national []byte, r *region) (out []byte, valid, sure bool) {
	bare, sure := r.withoutTrunk(national)
	if !sure {
		return dst, false, false
	}
	if r.mayDial(bare) {
		national = bare
	}
	if len(national) < fewestNational || len(national) > mostNational || !accepts(calling.valid, national) {
		return dst, false, true
	}
	return append(strconv.AppendUint(dst, uint64(calling.code), 10), national...), true, true
}

// withoutTrunk leaves out the trunk prefix, unless the number matches the region's general description only with it.
func (r *region) withoutTrunk(digits []byte) (national []byte, sure bool) {
	if len(digits) == 0 || !begins(digits, &r.mayTrunk) {
		return digits, true
	}
	if r.trunk == "" || len(digits) < 2 {
		return digits, false
	}
	if string(digits[:min(len(digits), len(r.trunk))]) != r.trunk {
		return digits, true
	}
	bare := digits[len(r.trunk):]
	if accepts(r.general, digits) && !accepts(r.general, bare) {
		return digits, true
	}
	return bare, true
}

// begins says whether the first two digits are in a mask. For a single digit it says whether any pair that starts with
// it is.
func begins(digits []byte, mask *[10]uint16) bool {
	seconds := mask[digits[0]-'0']
	if len(digits) < 2 {
		return seconds != 0
	}
	return seconds>>(digits[1]-'0')&1 == 1
}

// mayDial says whether a number's length is possible in the region, or longer than all possible ones. It may not be
// shorter, between two possible lengths, or only possible locally.
func (r *region) mayDial(digits []byte) bool {
	return r.lengths>>len(digits)&1 == 1 || r.tooLong(digits)
}

// tooLong says whether a number is longer than any number of the region.
func (r *region) tooLong(digits []byte) bool {
	return len(digits) >= bits.Len32(r.lengths) && r.local>>len(digits)&1 == 0
}
