package identity

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/language"
)

// samples has a plain value for every key.
var samples = [NumKeys]string{
	Em: "John.Doe@Example.com", Ph: "+1 650-555-1212", Fn: "O'Connor", Ln: "Müller", Ge: "Female", Db: "1990-12-31",
	Ct: "Menlo Park", St: "California", Zp: "37221-3312", Country: "United States", ExternalID: "User 42", F5First: "George",
	F5Last: "Washington", Fi: "G", Dobd: "1", Dobm: "9", Doby: "1990", ClientIPAddress: "2001:db8::1",
	ClientUserAgent: "Mozilla/5.0 (X11; Linux x86_64)", Fbc: "fb.1.1554763741205.AbCdEf", Fbp: "fb.1.1596403881668.1116446470",
	SubscriptionID: "sub_42", FbLoginID: "1234567890", LeadID: "12345678901234567", AnonID: "XZ42", Madid: "38400000-8cf0-11bd-b23e-10b96e40000d",
	PageID: "42", PageScopedUserID: "43", CtwaClid: "ARAkLkA8", WhatsAppBusinessAccountID: "44", IgAccountID: "45",
	InstagramBusinessAccountID: "46", IgSID: "47",
}

func FuzzAppend(f *testing.F) {
	for k, s := range samples {
		f.Add(uint8(k), []byte(s), uint8(Auto), "us")
	}
	f.Add(uint8(Em), []byte(emptySHA256+".AQQCAQMC"), uint8(DeclaredHashed), "")
	f.Add(uint8(Fn), []byte("aİΣ\xff"), uint8(Raw), "de")
	f.Fuzz(func(t *testing.T, key uint8, raw []byte, form uint8, home string) {
		k, c := Key(key)%NumKeys, &Context{DefaultCountry: home, Now: now}
		before := []byte("before")
		out, drop := Append(before, k, raw, Form(form%3), c)
		value, ok := bytes.CutPrefix(out, before)
		switch {
		case !ok || drop != Kept && len(value) > 0:
			t.Fatalf("%v %q: dst became %q (%v)", k, raw, out, drop)
		case drop == Kept && len(value) == 0:
			t.Fatalf("%v %q: kept, and nothing left", k, raw)
		case drop != Kept || !k.Hashed():
			return
		}
		hash := withoutSuffix(value)
		if len(hash) != sha256Digits && (len(hash) != md5Digits || Form(form%3) != DeclaredHashed) {
			t.Fatalf("%v %q = %q, which is no digest", k, raw, value)
		}
		for _, b := range hash {
			if !isDigit(b) && (b < 'a' || b > 'f') {
				t.Fatalf("%v %q = %q, which is no digest", k, raw, value)
			}
		}
	})
}

// FuzzNormalizedIsStable: normalizing a normalized value again does not change it. Phones and first letters of names
// are left out: a phone loses the plus that said how to read it, and first letters may end in a space.
func FuzzNormalizedIsStable(f *testing.F) {
	for k, s := range samples {
		f.Add(uint8(k), []byte(s), "us")
	}
	f.Fuzz(func(t *testing.T, key uint8, raw []byte, home string) {
		k, c := Key(key)%NumKeys, &Context{DefaultCountry: home, Now: now}
		if k == Ph || k == F5First || k == F5Last {
			return
		}
		once, drop := AppendNormalized(nil, k, raw, Raw, c)
		if drop != Kept {
			return
		}
		if twice, drop := AppendNormalized(nil, k, once, Raw, c); drop != Kept || string(twice) != string(once) {
			t.Errorf("%v %q = %q, and that = %q (%v)", k, raw, once, twice, drop)
		}
	})
}

// TestLowerEqualsUnicode compares the lower case of every character, many characters in one text. In the planes that
// have letter case each stands on a line of its own, once alone and once after a letter; the rest stand in rows. İ and
// Σ are compared alone, since one of them would send the whole text through appendLowerByContext.
func TestLowerEqualsUnicode(t *testing.T) {
	t.Parallel()
	lower := cases.Lower(language.Und)
	compare := func(text string) {
		got, want := string(appendLower(nil, []byte(text), deleteNothing)), lower.String(text)
		if got == want {
			return
		}
		gots, wants := strings.Split(got, "\n"), strings.Split(want, "\n")
		for i, line := range strings.Split(text, "\n") {
			if gots[i] != wants[i] {
				t.Errorf("%q is %q, want %q", line, gots[i], wants[i])
			}
		}
	}
	var lines strings.Builder
	for r := rune(0); r <= utf8.MaxRune; r++ {
		switch {
		case r == '\n' || !utf8.ValidRune(r):
		case r == 'İ' || r == 'Σ':
			compare(string(r))
			compare("A" + string(r))
		case r < 0x20000:
			lines.WriteString(string(r) + "\nA" + string(r) + "\n")
		default:
			lines.WriteRune(r)
		}
		if lines.Len() > 16<<10 || r == utf8.MaxRune {
			compare(lines.String())
			lines.Reset()
		}
	}
}

func TestPlainValuesDoNotAllocate(t *testing.T) {
	dst := make([]byte, 0, 4096)
	c := &Context{DefaultCountry: "us", Now: now}
	for k := range NumKeys {
		raw := []byte(samples[k])
		if _, drop := Append(dst, k, raw, Auto, c); drop != Kept {
			t.Errorf("the sample of %v is dropped: %v", k, drop)
		}
		if n := testing.AllocsPerRun(100, func() { Append(dst, k, raw, Auto, c) }); n != 0 {
			t.Errorf("%v allocates %v times", k, n)
		}
	}
}

func BenchmarkAppend(b *testing.B) {
	dst := make([]byte, 0, 4096)
	c := &Context{DefaultCountry: "us", Now: now}
	for k := range NumKeys {
		raw := []byte(samples[k])
		b.Run(k.String(), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Append(dst, k, raw, Auto, c)
			}
		})
	}
}
