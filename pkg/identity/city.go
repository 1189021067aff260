package identity

// appendCity is PB's rule: only ASCII letters and digits are kept, in lower case, and the first must be a letter.
// Accented letters are deleted, not replaced by plain ones; a city in another script is dropped.
func appendCity(dst, raw []byte) ([]byte, Drop) {
	n := len(dst)
	for _, b := range raw {
		if isAlnum(b) {
			dst = append(dst, lowerASCII(b))
		}
	}
	if len(dst) == n || !isLower(dst[n]) {
		return dst[:n], emptyOrMalformed(dst[n:])
	}
	return dst, Kept
}
