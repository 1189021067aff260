package timestamp

import (
	"bytes"

	"github.com/omnicapi/omnicapi/pkg/number"
)

// count reads a count of seconds, milliseconds, microseconds or nanoseconds since 1970 as milliseconds. What is behind
// its point is kept of seconds only.
func count(text []byte) (ms int64, ok bool) {
	if inner, found := bytes.CutPrefix(text, []byte("/Date(")); found { // .NET
		if inner, found = bytes.CutSuffix(inner, []byte(")/")); !found || len(inner) == 0 {
			return 0, false
		}
		at := bytes.IndexAny(inner[1:], "+-") + 1 // a zone, which changes nothing
		if at > 0 {
			inner = inner[:at]
		}
		text = inner
	}
	var v int64
	n := 0
	for n < len(text) && isDigit(text[n]) && n < maxDigits+1 {
		v = v*10 + int64(text[n]-'0')
		n++
	}
	if n == 0 || n > maxDigits {
		return 0, false
	}
	ms = millisOf(v)
	fraction := text[n:]
	if len(fraction) == 0 {
		return ms, v > 0
	}
	if fraction[0] != '.' && fraction[0] != ',' || !isDigits(fraction[1:]) {
		return exponent(text)
	}
	if v < seconds {
		ms += int64(thousandths(fraction[1:]))
	}
	return ms, v > 0
}

// exponent is count for 1.7960076E9.
func exponent(text []byte) (ms int64, ok bool) {
	if !bytes.ContainsAny(text, "eE") {
		return 0, false
	}
	var room [longest]byte
	full, ok := number.AppendDecimal(room[:0], text, '.')
	if !ok {
		return 0, false
	}
	return count(full)
}

// maxDigits are those of nanoseconds until the year 2286.
const maxDigits = 19

// Counts below these are of seconds, milliseconds and microseconds. Seconds stay below 10^11 until the year 5138, milliseconds
// lie above it from 1973 on.
const (
	seconds = 100_000_000_000
	millis  = 100_000_000_000_000
	micros  = 100_000_000_000_000_000
)

// millisOf tells the unit of a count by its size.
func millisOf(v int64) int64 {
	switch {
	case v < 0:
		return 0
	case v < seconds:
		return v * 1000
	case v < millis:
		return v
	case v < micros:
		return v / 1000
	default:
		return v / 1_000_000
	}
}

// thousandths are the milliseconds of the digits behind a point.
func thousandths(fraction []byte) int {
	ms := 0
	for i := range 3 {
		ms *= 10
		if i < len(fraction) {
			ms += int(fraction[i] - '0')
		}
	}
	return ms
}

func isDigits(text []byte) bool {
	for _, c := range text {
		if !isDigit(c) {
			return false
		}
	}
	return true
}
