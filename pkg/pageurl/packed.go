package pageurl

// minPacked is how long the shortest e-mail is in base64.
const minPacked = 10

// sureText is after how many letters what base64 holds is surely a text: random bytes are not so by chance.
const sureText = 12

// hasPackedEmail says whether an e-mail stands in the base64, of either alphabet, that a text holds: alone, or between dots
// as a token has it.
func hasPackedEmail(text []byte) bool {
	for begin := 0; begin+minPacked <= len(text); {
		end := begin
		for end < len(text) && sextets[text[end]] != none {
			end++
		}
		if end-begin >= minPacked && unpacksEmail(text[begin:end]) {
			return true
		}
		begin = end + 1
	}
	return false
}

// unpacksEmail decodes base64 as long as it is text: a click id or a name is none after a few letters.
func unpacksEmail(packed []byte) bool {
	var r room
	out := r[:0]
	bits, n := uint32(0), 0
	for _, b := range packed {
		bits = bits<<6 | uint32(sextets[b])
		if n += 6; n < 8 {
			continue
		}
		n -= 8
		c := byte(bits >> n)
		if isText := c >= ' ' && c < 0x7f || c == '\n' || c == '\t' || c == '\r'; !isText && (c < 0x80 || len(out) < sureText) {
			break
		}
		out = append(out, c)
	}
	var again room
	return len(out) >= len("a@b.cc") && hasEmail(unescaped(again[:0], out))
}

// none is what sextets has for bytes that are not of base64.
const none = 0xff

// sextets is the value of each letter of base64 and of its alphabet for addresses.
var sextets = func() (table [256]byte) {
	for i := range table {
		table[i] = none
	}
	for i, b := range []byte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789") {
		table[b] = byte(i)
	}
	table['+'], table['-'], table['/'], table['_'] = 62, 62, 63, 63
	return table
}()
