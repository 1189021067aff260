package capi

// cleanDecimal returns decimal text as JSON wants a number (appendDecimal says how), in e's memory if it had to be
// mended; nil if it is none, or negative: no amount is.
func cleanDecimal(e *Event, text []byte) []byte {
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
