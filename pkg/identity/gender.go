package identity

// longestGender bounds the words that are looked up.
const longestGender = len("grandmother")

// appendGender is PB's rule: English words that mean man or woman are kept, anything else is dropped. PB's lists have
// 37 and 38 words; all those that Meta's tests name are here.
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
	case "m", "male", "man", "boy", "mr", "mister", "sir", "gentleman", "guy", "he", "him", "his", "himself", "son", "dad",
		"daddy", "father", "grandfather", "grandpa", "brother", "uncle", "nephew", "husband", "boyfriend", "groom", "widower",
		"king", "prince", "emperor", "duke", "count", "lord", "lad", "bloke", "chap", "dude", "fellow":
		return append(dst, 'm'), Kept
	case "f", "female", "woman", "girl", "mrs", "miss", "ms", "madam", "ma'am", "lady", "gal", "she", "her", "hers",
		"herself", "daughter", "mom", "mommy", "mum", "mother", "grandmother", "grandma", "sister", "aunt", "niece", "wife",
		"girlfriend", "bride", "widow", "queen", "princess", "empress", "duchess", "countess", "lass", "dame", "chick",
		"belle":
		return append(dst, 'f'), Kept
	default:
		return dst, Malformed
	}
}
