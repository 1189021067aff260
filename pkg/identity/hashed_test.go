package identity

import (
	"strings"
	"testing"
)

func TestHashedValues(t *testing.T) {
	const md5 = "5d41402abc4b2a76b9719d911017c592"
	sha := digest("john@example.com")
	for _, c := range []struct {
		raw  string
		form Form
		want string
		drop Drop
	}{
		{sha, Auto, sha, Kept},
		{sha, DeclaredHashed, sha, Kept},
		{" " + strings.ToUpper(sha) + "\n", Auto, sha, Kept},
		{strings.ToUpper(sha) + ".AQQCAQMC", Auto, sha + ".AQQCAQMC", Kept},
		{sha + ".BA", Auto, sha + ".BA", Kept},
		{sha, Raw, digest(sha), Kept},
		{sha + ".ZZ", Auto, digest(sha + ".zz"), Kept},
		{sha + ".ZZ", DeclaredHashed, "", Malformed},
		{sha[1:], Auto, digest(sha[1:]), Kept},
		{sha[1:] + "g", Auto, digest(sha[1:] + "g"), Kept},
		{sha + "0", DeclaredHashed, "", Malformed},
		{sha[:40], DeclaredHashed, "", Malformed}, // SHA-1
		{md5, Auto, digest(md5), Kept},            // a UUID without dashes looks the same
		{md5, Raw, digest(md5), Kept},
		{md5, DeclaredHashed, md5, Kept},
		{strings.ToUpper(md5) + ".AQ", DeclaredHashed, md5 + ".AQ", Kept},
		{emptySHA256, Auto, "", Empty},
		{strings.ToUpper(emptySHA256) + ".AQQCAQMC", Auto, "", Empty},
		{emptySHA256, DeclaredHashed, "", Empty},
		{emptyMD5, DeclaredHashed, "", Empty},
		{"  ", DeclaredHashed, "", Empty},
		{"john@example.com", DeclaredHashed, "", Malformed},
	} {
		out, drop := Append([]byte("x"), ExternalID, []byte(c.raw), c.form, nil)
		if string(out) != "x"+c.want || drop != c.drop {
			t.Errorf("%q in form %d = %q (%v), want %q (%v)", c.raw, c.form, out, drop, "x"+c.want, c.drop)
		}
	}
}

func TestDistinct(t *testing.T) {
	seen := [][]byte{[]byte(digest("a")), []byte(digest("b") + ".AQQCAQMC")}
	for value, want := range map[string]Drop{
		digest("a"):         Duplicate,
		digest("a") + ".BA": Duplicate,
		digest("b"):         Duplicate,
		digest("c"):         Kept,
	} {
		if got := Distinct(seen, []byte(value)); got != want {
			t.Errorf("Distinct of %q is %v, want %v", value, got, want)
		}
	}
}
