package phone

import "testing"

func TestCountry(t *testing.T) {
	for text, want := range map[string]string{
		"1": "us", "+44": "gb", " 49 ": "de", "BR": "br", "de": "de", "999": "", "800": "", "XX": "", "": "", "x": "",
	} {
		if got := Country(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
