package identity

import (
	"regexp"
	"testing"

	"pgregory.net/rapid"
)

// emailExpression is PB's expression, for text in lower case.
var emailExpression = regexp.MustCompile("^[\\w!#$%&'*+/=?^`{|}~-]+(:?\\.[\\w!#$%&'*+/=?^`{|}~-]+)*@" +
	`(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$`)

func TestEmailScannerEqualsExpression(t *testing.T) {
	valid := 0
	piece := rapid.SampledFrom([]string{"a", "b", "0", "-", ".", "..", ":", ":.", "@", "_", "+", "é", " ", "\n", "com", "(", "~"})
	rapid.Check(t, func(t *rapid.T) {
		var text []byte
		for range rapid.IntRange(0, 10).Draw(t, "pieces") {
			text = append(text, piece.Draw(t, "piece")...)
		}
		if rapid.Bool().Draw(t, "whole") {
			text = append(append([]byte("a"), text...), "@b.c"...)
		}
		want := emailExpression.Match(text)
		if got := isEmail(text); got != want {
			t.Fatalf("isEmail(%q) = %v, the expression says %v", text, got, want)
		}
		if want {
			valid++
		}
	})
	if valid == 0 {
		t.Error("no address drawn was valid")
	}
}

func FuzzEmailScanner(f *testing.F) {
	for _, s := range []string{"a@b.co", "a:.b@c.co", "a.@b.co", "a@-b.co", "a@b-.co", "a@b", "@b.co", "a@@b.co", "a@b..co"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if got, want := isEmail(text), emailExpression.Match(text); got != want {
			t.Errorf("isEmail(%q) = %v, the expression says %v", text, got, want)
		}
	})
}

func TestEmail(t *testing.T) {
	check(t, Em, nil, []row{
		{"  John.Doe+Tag@Example.COM\u3000", "john.doe+tag@example.com", Kept},
		{"user@exämple.com", "user@xn--exmple-cua.com", Kept},
		{"user@例え.jp", "user@xn--r8jz45g.jp", Kept},
		{"a:.b@c.co", "a:.b@c.co", Kept}, // the colon of PB's expression
		{"", "", Empty},
		{" \ufeff\t", "", Empty},
		{"jösé@example.com", "", Malformed},
		{"john@localhost", "", Malformed},
		{"john@-a.com", "", Malformed},
		{"john doe@example.com", "", Malformed},
		{"a@b@c.com", "", Malformed},
	})
}
