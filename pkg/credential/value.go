package credential

import "bytes"

// shapes are how credentials of services that publish their shape begin, and how long one is at least.
var shapes = []struct {
	begin string
	size  int
}{
	{"EAA", 60},
	{"sk_live_", 20},
	{"sk_test_", 20},
	{"rk_live_", 20},
	{"whsec_", 20},
	{"shpat_", 20},
	{"shpss_", 20},
	{"shpca_", 20},
	{"xoxb-", 20},
	{"xoxp-", 20},
	{"ghp_", 20},
	{"github_pat_", 20},
	{"glpat-", 16},
	{"AKIA", 20},
	{"AIza", 35},
	{"ya29.", 20},
	{"sq0atp-", 20},
	{"sq0csp-", 20},
	{"pat-na1-", 20},
	{"pat-eu1-", 20},
	{"Bearer ", 16},
}

// IsValue says whether a text is a credential whatever its name: a JSON Web Token, or one of a known shape.
func IsValue(text []byte) bool {
	if len(text) < long {
		return false
	}
	if bytes.HasPrefix(text, []byte("eyJ")) {
		return isWebToken(text)
	}
	for i := range shapes {
		if s := &shapes[i]; len(text) >= s.size && string(text[:len(s.begin)]) == s.begin {
			return isWord(text[len(s.begin):])
		}
	}
	return false
}

// isWebToken says whether a text is three or more parts of base64 with dots between them; the last may be empty.
func isWebToken(text []byte) bool {
	dots := 0
	for _, b := range text {
		switch {
		case b == '.':
			dots++
		case !isWordByte(b):
			return false
		}
	}
	return dots >= 2
}

func isWord(text []byte) bool {
	for _, b := range text {
		if !isWordByte(b) && b != '.' {
			return false
		}
	}
	return true
}

func isWordByte(b byte) bool {
	return '0' <= b && b <= '9' || 'a' <= b|0x20 && b|0x20 <= 'z' || b == '_' || b == '-' || b == '+' || b == '/' || b == '='
}
