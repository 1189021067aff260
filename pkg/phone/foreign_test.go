package phone

import "testing"

// TestCallingCodeWithoutPlus: where national numbers are written with a trunk prefix, the calling code needs no plus.
func TestCallingCodeWithoutPlus(t *testing.T) {
	for _, c := range []struct{ home, text, want string }{
		{"de", "491711234567", "491711234567"},
		{"de", "49 171 1234567", "491711234567"},
		{"de", "4901711234567", "491711234567"},
		{"de", "01711234567", "491711234567"},
		{"de", "1711234567", "491711234567"},
		{"de", "493012345678", "493012345678"},
		{"de", "4940123456", "4940123456"}, // and not 049 40…
		{"at", "436641234567", "436641234567"},
		{"gb", "447911123456", "447911123456"},
		{"fr", "33612345678", "33612345678"},
		{"nl", "31612345678", "31612345678"},
		{"in", "919876543210", "919876543210"},
		{"in", "9198765432", "919198765432"}, // ten digits are no +91
		{"br", "5511912345678", "5511912345678"},
		{"ru", "79161234567", "79161234567"},
		{"ru", "89161234567", "79161234567"},
		{"tr", "905321234567", "905321234567"},
		{"us", "14155550123", "14155550123"}, // its trunk prefix is its calling code
		{"us", "4155550123", "14155550123"},
		{"it", "3912345678", "393912345678"}, // no trunk prefix: a mobile number of Italy
	} {
		got, ok := Append(nil, []byte(c.text), c.home)
		if slow, slowOK := appendByLibrary(nil, []byte(c.text), c.home); !ok || string(got) != c.want || string(slow) != c.want || !slowOK {
			t.Errorf("%q in %q: %q (%v), by the library %q, want %q", c.text, c.home, got, ok, slow, c.want)
		}
	}
}
