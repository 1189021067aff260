package identity

import "testing"

// TestSplitFullName: two words are a first and a last name, however many blanks are around them; any other text is not
// split.
func TestSplitFullName(t *testing.T) {
	for full, want := range map[string][2]string{
		"Jane Doe":             {"Jane", "Doe"},
		"  Jane   Doe ":        {"Jane", "Doe"},
		"Anne-Marie O'Neil":    {"Anne-Marie", "O'Neil"},
		"":                     {},
		"   ":                  {},
		"Cher":                 {},
		"Ana María de la Cruz": {},
		"Jane M. Doe":          {},
		"undefined undefined":  {},
		"null null":            {},
		"Jane Null":            {"Jane", "Null"},
	} {
		first, last, ok := SplitFullName([]byte(full))
		if got := [2]string{string(first), string(last)}; got != want || ok != (want != [2]string{}) {
			t.Errorf("%q: %q, %v, want %q", full, got, ok, want)
		}
	}
}
