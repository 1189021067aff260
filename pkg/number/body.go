package number

import "bytes"

// append appends what is left of an amount when sign and units are cut off: digits, marks and an exponent.
func (a *amount) append(dst []byte) (out []byte, ok bool) {
	mantissa, shift, ok := cutExponent(a.text())
	if !ok {
		return dst, false
	}
	scientific := len(mantissa) < a.to-a.from
	at, ok := a.decimal(mantissa, scientific)
	if !ok {
		return dst, false
	}
	whole, fraction := mantissa, []byte(nil)
	if at >= 0 {
		whole, fraction = mantissa[:at], mantissa[at+1:]
	}
	if digits(fraction) != len(fraction) || len(fraction) > maxWhole {
		return dst, false
	}
	var room [2*maxWhole + maxShift + 1]byte
	all, ok := ungrouped(room[:0], whole, at >= 0)
	if !ok || len(all)+len(fraction) == 0 || scientific && (len(all) == 0 || len(all) < len(whole)) {
		return dst, false
	}
	places := len(fraction) - shift
	all = append(all, fraction...)
	for ; places < 0; places++ {
		all = append(all, '0')
	}
	return a.write(dst, all, places)
}

// write appends digits of which places are behind the point.
func (a *amount) write(dst, all []byte, places int) (out []byte, ok bool) {
	whole := max(len(all)-places, 0)
	skip := 0
	for skip < whole && all[skip] == '0' {
		skip++
	}
	if whole-skip > maxWhole {
		return dst, false
	}
	if a.negative && len(bytes.Trim(all, "0")) > 0 {
		dst = append(dst, '-')
	}
	if whole == skip {
		dst = append(dst, '0')
	}
	dst = append(dst, all[skip:whole]...)
	if places == 0 {
		return dst, true
	}
	dst = append(dst, '.')
	for i := len(all); i < places; i++ {
		dst = append(dst, '0')
	}
	return append(dst, all[whole:]...), true
}

// decimal is where the decimal mark is, -1: there is none. ok is false where the text leaves it open.
func (a *amount) decimal(text []byte, scientific bool) (at int, ok bool) {
	points, commas := bytes.Count(text, []byte{'.'}), bytes.Count(text, []byte{','})
	switch {
	case a.point == '.':
		return bytes.IndexByte(text, '.'), points <= 1
	case a.point == ',':
		return bytes.IndexByte(text, ','), commas <= 1
	case points+commas == 0:
		return -1, true
	case points > 0 && commas > 0:
		at = max(bytes.LastIndexByte(text, '.'), bytes.LastIndexByte(text, ','))
		return at, text[at] == '.' && points == 1 || text[at] == ',' && commas == 1
	case points+commas > 1:
		return -1, true
	case points == 1:
		if at = bytes.IndexByte(text, '.'); mayGroup(text, at) && isWhole(a.currency) {
			return -1, true
		}
		return at, scientific || a.units == 0 || !mayGroup(text, at)
	default:
		if at = bytes.IndexByte(text, ','); mayGroup(text, at) && isWhole(a.currency) {
			return -1, true
		}
		return at, at+1 < len(text) && (scientific || !mayGroup(text, at))
	}
}

// mayGroup says whether the only mark of a text can divide thousands: 1,234, but not 0,234 or 1234,567.
func mayGroup(text []byte, at int) bool {
	return 1 <= at && at <= 3 && text[0] != '0' && digits(text) == at && len(text) == at+4 && digits(text[at+1:]) == 3
}

// ungrouped appends digits without what divides them into thousands, or as in India lakhs and crores (1,23,45,678): one mark
// throughout. None of them need be there if mayBeEmpty.
func ungrouped(dst, whole []byte, mayBeEmpty bool) (out []byte, ok bool) {
	first := digits(whole)
	dst = append(dst, whole[:min(first, maxWhole+1)]...)
	if first == len(whole) {
		return dst, first <= maxWhole && (first > 0 || mayBeEmpty)
	}
	if first == 0 || first > 3 || whole[0] == '0' {
		return dst, false
	}
	mark, inner, rest := whole[first], 0, whole[first:]
	if mark != ',' && mark != '.' && mark != ' ' && mark != '\'' {
		return dst, false
	}
	for len(rest) > 0 {
		n := digits(rest[1:])
		if rest[0] != mark || len(dst)+n > maxWhole {
			return dst, false
		}
		if last := len(rest) == n+1; last {
			if n != 3 {
				return dst, false
			}
		} else {
			pairs := n == 2 && mark == ',' && first <= 2
			if n != 3 && !pairs || inner != 0 && inner != n {
				return dst, false
			}
			inner = n
		}
		dst, rest = append(dst, rest[1:n+1]...), rest[n+1:]
	}
	return dst, true
}

// cutExponent cuts a small exponent off: 1.5e3, 1.23456E+03.
func cutExponent(text []byte) (mantissa []byte, shift int, ok bool) {
	at := bytes.IndexAny(text, "eE")
	if at < 0 {
		return text, 0, true
	}
	exponent, negative := text[at+1:], false
	if len(exponent) > 0 && (exponent[0] == '-' || exponent[0] == '+') {
		negative, exponent = exponent[0] == '-', exponent[1:]
	}
	if len(exponent) == 0 || len(exponent) > 3 || digits(exponent) != len(exponent) {
		return nil, 0, false
	}
	for _, c := range exponent {
		shift = shift*10 + int(c-'0')
	}
	if negative {
		shift = -shift
	}
	return text[:at], shift, -maxShift <= shift && shift <= maxShift
}
