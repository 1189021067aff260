package jsonscan

import "bytes"

// A character beyond U+FFFF is two escapes, a surrogate pair. Who cuts a text between them leaves half a pair, which is no
// character: browsers, WhatsApp and programs with a limit send it. It is read as U+FFFD, as browsers read it.

func isHigh(u int) bool { return u >= 0xD800 && u <= 0xDBFF }

func isLow(u int) bool { return u >= 0xDC00 && u <= 0xDFFF }

// escaped is the code unit that a \u escape at i stands for, -1 if none is there.
func escaped(data []byte, i int) int {
	if i+1 >= len(data) || data[i] != '\\' || data[i+1] != 'u' {
		return -1
	}
	return hex4(data, i+2)
}

// HasHalf says whether a string of a checked value has half a surrogate pair.
func HasHalf(value []byte) bool { return nextHalf(value, 0) >= 0 }

// Mend writes U+FFFD over each half of a surrogate pair in a checked value, in place: both are escapes of six bytes.
func Mend(value []byte) {
	for i := nextHalf(value, 0); i >= 0; i = nextHalf(value, i) {
		copy(value[i:], `\ufffd`)
	}
}

// nextHalf is where the first half at or after i begins, -1 if there is none.
func nextHalf(value []byte, i int) int {
	for {
		n := bytes.IndexByte(value[i:], '\\')
		if n < 0 || i+n+1 >= len(value) {
			return -1
		}
		i += n
		switch u := escaped(value, i); {
		case u < 0:
			i += 2
		case isHigh(u) && isLow(escaped(value, i+6)):
			i += 12
		case isHigh(u) || isLow(u):
			return i
		default:
			i += 6
		}
	}
}
