package identity

import (
	"bytes"

	"github.com/omnicapi/omnicapi/pkg/nothing"
)

// SplitFullName splits a full name of exactly two words. Of a longer name nobody knows which words are the family name, and
// a script's "undefined undefined" is nobody's.
// Every place that has a person's name as one text uses it, so that one person always has the same two hashes.
func SplitFullName(full []byte) (first, last []byte, ok bool) {
	first, last, ok = bytes.Cut(bytes.TrimSpace(full), []byte{' '})
	if last = bytes.TrimSpace(last); !ok || bytes.IndexByte(last, ' ') >= 0 || nothing.Is(first) {
		return nil, nil, false
	}
	return first, last, true
}
