package identity

import "bytes"

// SplitFullName takes a full name apart where it is exactly two words: of any other nobody knows which of them is the
// family's. It serves every place that has a person's name as one text, so that one person has one pair of hashes.
func SplitFullName(full []byte) (first, last []byte, ok bool) {
	first, last, ok = bytes.Cut(bytes.TrimSpace(full), []byte{' '})
	if last = bytes.TrimSpace(last); !ok || bytes.IndexByte(last, ' ') >= 0 {
		return nil, nil, false
	}
	return first, last, true
}
