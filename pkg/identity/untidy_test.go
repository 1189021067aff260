package identity

import (
	"crypto/sha256"
	"encoding/hex"
	"testing"

	"pgregory.net/rapid"
)

// wordsForNothing are some of what programs write; package nothing has them all.
var wordsForNothing = []string{
	"undefined", "NULL", "nil", "None", "NaN", "N/A", "#N/A", "(null)", "[object Object]", `\N`, "-", " undefined ", "{{customer.email}}", `="NULL"`,
}

// TestNothingIsNoValue: a program's word for nothing is no value of any key; a person may be called Null.
func TestNothingIsNoValue(t *testing.T) {
	for k := range NumKeys {
		for _, word := range wordsForNothing {
			for _, f := range []Form{Auto, Raw, DeclaredHashed} {
				if (k == Ln || k == F5Last) && (word == "NULL" || word == `="NULL"`) {
					continue
				}
				if out, drop := Append(nil, k, []byte(word), f, &Context{Country: "us"}); drop == Kept {
					t.Errorf("%s %q (%d) is sent as %s", k, word, f, out)
				}
			}
		}
	}
	check(t, Ln, nil, []row{{"Null", "null", Kept}, {"NULL", "null", Kept}, {"undefined", "", Empty}, {"None", "", Empty}})
	check(t, F5Last, nil, []row{{"Null", "null", Kept}})
	check(t, Fn, nil, []row{{"Null", "", Empty}, {"Nora", "nora", Kept}, {"Unknown", "unknown", Kept}})
	check(t, Country, nil, []row{{"N/A", "", Empty}, {"NA", "na", Kept}})
	check(t, ExternalID, nil, []row{
		{"0", "", Empty},
		{"0.0", "", Empty},
		{"Guest", "", Empty},
		{"anonymous", "", Empty},
		{"unknown", "", Empty},
		{"bnc_no_value", "", Empty},
		{"00000000-0000-0000-0000-000000000000", "", Empty},
		{"guest-7", "guest-7", Kept},
		{"00", "", Empty},
		{"007", "007", Kept},
	})
	check(t, Fbc, nil, []row{{"fb.1.1796000000000.undefined", "", Malformed}, {"undefined", "", Empty}, {"fb.1.1796000000000.IwAR1", "fb.1.1796000000000.IwAR1", Kept}})
	check(t, Fbp, nil, []row{{"fb.1.1796000000000.null", "", Malformed}, {"fb.1.1796000000000.0", "", Malformed}})
	check(t, CtwaClid, nil, []row{{"undefined", "", Empty}, {"0", "", Empty}})
	if out := AppendFbc(nil, []byte("undefined"), 1); len(out) > 0 || FbclidOf([]byte("https://shop.example.com/?fbclid=undefined")) != nil {
		t.Errorf("a click was made of undefined: %s", out)
	}
}

// TestDigestsOfNothing: who hashes without looking hashes the words, too.
func TestDigestsOfNothing(t *testing.T) {
	for _, c := range []struct {
		key  Key
		text string
		want Drop
	}{
		{Em, "undefined", Empty},
		{Ph, "null", Empty},
		{Fn, "null", Empty},
		{Ln, "null", Kept},
		{Ln, "undefined", Empty},
		{ExternalID, "guest", Empty},
		{ExternalID, "0", Empty},
		{Fn, "guest", Kept},
		{Em, "jane@example.com", Kept},
	} {
		sum := sha256.Sum256([]byte(c.text))
		for _, f := range []Form{Auto, DeclaredHashed} {
			if out, drop := Append(nil, c.key, []byte(hex.EncodeToString(sum[:])), f, nil); drop != c.want {
				t.Errorf("%s: the digest of %q: %s %v, want %v", c.key, c.text, out, drop, c.want)
			}
		}
	}
}

// TestNumbersMeanTheNumber: an identifier that was stored as a number is the number.
func TestNumbersMeanTheNumber(t *testing.T) {
	us := &Context{Country: "us"}
	check(t, Ph, us, []row{{"4155550123.0", "14155550123", Kept}, {"4.155550123E9", "14155550123", Kept}, {"4.15555E+09", "", Malformed}, {"415.555.0123", "14155550123", Kept}})
	check(t, ExternalID, nil, []row{
		{"1001.0", "1001", Kept},
		{"1.2345678E7", "12345678", Kept},
		{"1.23457E+11", "", Malformed},
		{"00123", "00123", Kept},
		{"1.5", "1.5", Kept},
		{"1098115397.1795000000", "1098115397.1795000000", Kept},
		{"5e10", "5e10", Kept},
	})
	check(t, Db, nil, []row{{"19900102.0", "19900102", Kept}, {"1.9900102E7", "19900102", Kept}})
	check(t, Doby, nil, []row{{"1990.0", "1990", Kept}})
	check(t, PageScopedUserID, nil, []row{{"1.23456789E8", "123456789", Kept}})
	check(t, Fn, nil, []row{{"1001.0", "10010", Kept}})
}

// TestMarksOfExports: what exports write before text is not part of it; a name's own apostrophe is.
func TestMarksOfExports(t *testing.T) {
	us := &Context{Country: "us"}
	check(t, Ph, us, []row{{"p:+14155550123", "14155550123", Kept}, {"'+14155550123", "14155550123", Kept}, {`="+14155550123"`, "14155550123", Kept}, {"'p:4155550123", "14155550123", Kept}})
	check(t, Em, nil, []row{{"'jane@example.com", "jane@example.com", Kept}, {"'jane@example.com'", "jane@example.com", Kept}, {`="jane@example.com"`, "jane@example.com", Kept}})
	check(t, ExternalID, nil, []row{
		{"'00123", "00123", Kept}, {`="00123"`, "00123", Kept}, {"l:123456789012345", "123456789012345", Kept}, {"l:7", "l:7", Kept}, {"z:12345", "z:12345", Kept},
	})
	check(t, Fn, nil, []row{{`="Jane"`, "jane", Kept}, {"'Jane", "jane", Kept}, {"D'Arcy", "darcy", Kept}})
	check(t, Ln, nil, []row{{"'t Hooft", "thooft", Kept}, {"O'Connor", "oconnor", Kept}, {"p:", "p", Kept}})
	check(t, F5Last, nil, []row{{"'t Hooft", "'t ho", Kept}})
	check(t, Ge, nil, []row{{"'male", "m", Kept}, {"ma'am", "f", Kept}})
	sum := sha256.Sum256([]byte("jane@example.com"))
	digest := hex.EncodeToString(sum[:])
	if got, drop := Append(nil, Em, []byte("'"+digest), Auto, nil); string(got) != digest || drop != Kept {
		t.Errorf("a marked digest is %s %v", got, drop)
	}
	for text, want := range map[string]string{
		"ag:23845": "23845", "as:1": "1", "c:1": "1", "f:1": "1", "l:1": "1", "p:+1415": "+1415", "z:02139": "02139", "'007": "007", `="007"`: "007",
		"ag:x": "ag:x", "x:1": "x:1", "sku:1": "sku:1", "a": "a", "'": "'", "": "", "http://a": "http://a",
	} {
		if got := WithoutMark([]byte(text)); string(got) != want {
			t.Errorf("%q without its mark is %q, want %q", text, got, want)
		}
	}
}

// TestReservedDomains: they are nobody's e-mail.
func TestReservedDomains(t *testing.T) {
	check(t, Em, nil, []row{
		{"jane.doe@example.com.invalid", "", Malformed},
		{"a@b.test", "", Malformed},
		{"a@shop.EXAMPLE", "", Malformed},
		{"a@b.localhost", "", Malformed},
		{"jane@example.com", "jane@example.com", Kept},
		{"a@test.com", "a@test.com", Kept},
		{"a@invalid.co", "a@invalid.co", Kept},
	})
}

// TestNoSuspects: what is no suspect is tidy.
func TestNoSuspects(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.SampledFrom(wordsForNothing), rapid.StringMatching(`[='plz]{0,2}[0-9+-]{0,5}(\.0|E[0-9])?`),
			rapid.SampledFrom([]string{"0", "guest", "Anonymous", "BNC_no_value", "unknown"})).Draw(t, "text")
		for k := range NumKeys {
			if isSuspect(k, []byte(text)) {
				continue
			}
			if got, drop := tidy(k, []byte(text)); drop != Kept || string(trim(got)) != string(trim([]byte(text))) {
				t.Fatalf("%s %q is no suspect, and becomes %q (%v)", k, text, got, drop)
			}
		}
	})
}

// TestTidyKeepsTidyValues: a value without marks, words and exponents is read as it was.
func TestTidyKeepsTidyValues(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[a-dA-D0-9]{1,8}[a-z0-9_@]{1,8}`).Draw(t, "text")
		for k := range NumKeys {
			if got, drop := tidy(k, []byte(text)); drop == Kept && string(got) != text {
				t.Fatalf("%s %q became %q", k, text, got)
			}
		}
	})
}
