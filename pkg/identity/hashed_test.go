package identity

import (
	"crypto/sha256"
	"encoding/base64"
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

// TestBase64Digests: a SHA-256 in base64 is the digest that it is, in either alphabet; what is only as long is none.
func TestBase64Digests(t *testing.T) {
	sum := sha256.Sum256([]byte("jane@example.com"))
	std, url := base64.StdEncoding.EncodeToString(sum[:]), base64.RawURLEncoding.EncodeToString(sum[:])
	empty := sha256.Sum256(nil)
	want := digest("jane@example.com")
	name := "Wolfeschlegelsteinhausenbergerdorffwelcheva" // as long, and no digest
	for _, c := range []struct {
		key  Key
		raw  string
		form Form
		want string
		drop Drop
	}{
		{Em, std, Auto, want, Kept},
		{Em, url, Auto, want, Kept},
		{Em, " " + url + "=\n", DeclaredHashed, want, Kept},
		{Fn, std[:43], Auto, want, Kept},
		{Fn, std, Raw, digest(strings.ToLower(strings.NewReplacer("+", "", "/", "", "=", "").Replace(std))), Kept},
		{ExternalID, url, Auto, digest(strings.ToLower(url)), Kept},
		{ExternalID, url, DeclaredHashed, want, Kept},
		{Fn, name, Auto, digest(strings.ToLower(name)), Kept},
		{Em, url[:42] + "!", DeclaredHashed, "", Malformed},
		{Em, url[:42] + "1", DeclaredHashed, "", Malformed}, // bits behind the digest
		{Em, url + "A", DeclaredHashed, "", Malformed},
		{Em, base64.StdEncoding.EncodeToString(empty[:]), Auto, "", Empty},
	} {
		out, drop := Append([]byte("x"), c.key, []byte(c.raw), c.form, nil)
		if string(out) != "x"+c.want || drop != c.drop {
			t.Errorf("%v %q in form %d = %q (%v), want %q (%v)", c.key, c.raw, c.form, out, drop, "x"+c.want, c.drop)
		}
	}
	room, raw := make([]byte, 0, 96), []byte(url)
	if n := testing.AllocsPerRun(100, func() { Append(room, Em, raw, Auto, nil) }); n > 0 {
		t.Errorf("%v allocations", n)
	}
}
