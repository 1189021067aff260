package receive

import (
	"bytes"

	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// IsPresent says whether a member is there and not null.
func IsPresent(value []byte) bool { k := jsonscan.Kind(value); return k != 0 && k != 'z' }

// IsGiven says whether a member is there, and neither null nor an empty text.
func IsGiven(value []byte) bool {
	return IsPresent(value) && (jsonscan.Kind(value) != 's' || len(value) > len(`""`))
}

// FirstOf is the first text that is not empty, nil if there is none.
func FirstOf(texts ...[]byte) []byte {
	for _, t := range texts {
		if len(t) > 0 {
			return t
		}
	}
	return nil
}

// FirstByte is the first byte of a body that is not white space, 0 for an empty one: what JSON it is, whatever its
// Content-Type says (pages and SDKs send JSON as text/plain and as forms).
func FirstByte(body []byte) byte {
	if t := bytes.TrimLeft(body, " \t\r\n"); len(t) > 0 {
		return t[0]
	}
	return 0
}
