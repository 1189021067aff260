package identity

// appendCity is PB's rule: everything but ASCII letters and digits deleted, lower case, a letter first. Accents are
// deleted, not folded; a city in another script is dropped.
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
