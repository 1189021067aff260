package identity

import "bytes"

// SplitFullName splits a full name of exactly two words. Of a longer name nobody knows which words are the family name.
// Every place that has a person's name as one text uses it, so that one person always has the same two hashes.
func SplitFullName(full []byte) (first, last []byte, ok bool) {
	first, last, ok = bytes.Cut(bytes.TrimSpace(full), []byte{' '})
	if last = bytes.TrimSpace(last); !ok || bytes.IndexByte(last, ' ') >= 0 {
		return nil, nil, false
	}
	return first, last, true
}
