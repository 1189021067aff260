package identity

// longestGender bounds the words that are looked up.
const longestGender = len("girlfriend")

// appendGender is PB's rule: the English words of its two lists (GenderUtils) are kept, anything else is dropped.
func appendGender(dst, raw []byte) ([]byte, Drop) {
	text := trim(raw)
	if len(text) == 0 {
		return dst, Empty
	}
	if len(text) > longestGender {
		return dst, Malformed
	}
	var buf [longestGender]byte
	word := buf[:len(text)]
	for i, b := range text {
		word[i] = lowerASCII(b)
	}
	switch string(word) {
	case "m", "male", "man", "boy", "gentleman", "guy", "sir", "mister", "mr", "son", "father", "dad", "daddy", "papa", "uncle",
		"nephew", "brother", "husband", "boyfriend", "groom", "widower", "king", "prince", "duke", "count", "emperor", "god",
		"lord", "lad", "fellow", "chap", "bloke", "dude", "he", "him", "his", "himself":
		return append(dst, 'm'), Kept
	case "f", "female", "woman", "girl", "lady", "miss", "ms", "mrs", "madam", "ma'am", "daughter", "mother", "mom", "mama",
		"mommy", "aunt", "niece", "sister", "wife", "girlfriend", "bride", "widow", "queen", "princess", "duchess", "countess",
		"empress", "goddess", "maiden", "lass", "gal", "chick", "dame", "belle", "she", "her", "hers", "herself":
		return append(dst, 'f'), Kept
	default:
		return dst, Malformed
	}
}
