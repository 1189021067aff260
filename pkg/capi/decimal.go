package capi

// cleanDecimal returns decimal text as a JSON number (see appendDecimal), in e's memory if it had to be rewritten. It
// returns nil for text that is no decimal, and for negative numbers: no amount is negative.
func cleanDecimal(e *Event, text []byte) []byte {
	if isCanonical(text) {
		return text
	}
	start := len(e.arena)
	out, ok := appendDecimal(e.arena, text)
	if !ok || out[start] == '-' {
		return nil
	}
	clean := out[start:len(out):len(out)]
	if string(clean) == string(text) {
		e.arena = out[:start] // the room, if it had to grow
		return text
	}
	e.arena = out
	return clean
}

// isCanonical says whether appendDecimal would write a text unchanged. It may say no for unusual texts that it would.
func isCanonical(text []byte) bool {
	if len(text) == 0 || len(text) > maxDigits || text[0] == '0' && len(text) > 1 && text[1] != '.' {
		return false
	}
	point := -1
	for i, b := range text {
		switch {
		case b >= '0' && b <= '9':
		case b == '.' && point < 0:
			point = i
		default:
			return false
		}
	}
	return point != 0 && point != len(text)-1
}
