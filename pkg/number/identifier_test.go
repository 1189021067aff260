package number_test

import (
	"bytes"
	"math"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"github.com/omnicapi/omnicapi/pkg/number"
)

func TestAppendIdentifier(t *testing.T) {
	for _, c := range []struct {
		text, want string
		ok         bool
	}{
		{"1001.0", "1001", true},
		{"4155550123.0", "4155550123", true},
		{"4155550123.00", "4155550123", true},
		{"1.2345678E7", "12345678", true},
		{"4.155550123E9", "4155550123", true},
		{"4.155550123e+09", "4155550123", true},
		{"+1.4155550123E10", "+14155550123", true},
		{"4.15555E9", "4155550000", true}, // Java's: the double has no more digits
		{"1.0E7", "10000000", true},
		{"1E+0", "1", true},
		{"-1001.0", "-1001", true},
		{"9007199254740992.0", "9007199254740992", true},

		{"1.23457E+11", "", false},
		{"1,23457E+11", "", false},
		{"1E+11", "", false},
		{"1.20E+07", "", false},
		{"9007199254740993.0", "", false},
		{"1.2345678901234567E17", "", false},
		{"1.5E99", "", false},

		{"", "", true},
		{"7", "7", true},
		{"00123", "00123", true},
		{"0001.0", "0001", true},
		{"1.2.3", "1.2.3", true},
		{"1.2", "1.2", true},
		{"v1.0", "v1.0", true},
		{"1.0b", "1.0b", true},
		{"100.50", "100.50", true},
		{"1.000", "1.000", true}, // or a thousand
		{"12.000", "12.000", true},
		{"1001.000", "1001", true},
		{"1,0", "1,0", true},
		{"12E4", "12E4", true},
		{"5e10", "5e10", true},
		{"1e3", "1e3", true},
		{"0e0", "0e0", true},
		{"1.5E-3", "1.5E-3", true},
		{"1.23456E3", "1.23456E3", true},
		{"1.0E", "1.0E", true},
		{"1.E3", "1.E3", true},
		{"1098115397.1795000000", "1098115397.1795000000", true},
		{"203.0.113.0", "203.0.113.0", true},
	} {
		got, ok := number.AppendIdentifier([]byte("x"), []byte(c.text))
		if string(got) != "x"+c.want || ok != c.ok {
			t.Errorf("%q: %q %t, want %q %t", c.text, got[1:], ok, c.want, c.ok)
		}
		if same := ok && c.want == c.text; number.IsIdentifier([]byte(c.text)) != same {
			t.Errorf("%q is an identifier as it is: %t", c.text, !same)
		}
	}
}

func TestAppendNumber(t *testing.T) {
	for text, want := range map[string]string{
		"1001": "1001", "1001.0": "1001", "1.000": "1", "1e3": "1000", "12E4": "120000", "10.5e1": "105", "0.5e1": "5", "0.0": "0", "0e5": "000000",
		"1.5": "1.5", "-7.0": "-7", "1e-3": "1e-3",
	} {
		if got, ok := number.AppendNumber(nil, []byte(text)); !ok || string(got) != want {
			t.Errorf("%s: %q %t, want %s", text, got, ok, want)
		}
	}
	for _, text := range []string{"1.23457E+11", "1e300", "1.8014398509481984E16"} {
		if got, ok := number.AppendNumber(nil, []byte(text)); ok {
			t.Errorf("%s: %q", text, got)
		}
	}
}

// TestShortestSpellings: what programs write of a whole double is read back as it was.
func TestShortestSpellings(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64Range(1000, 1<<53).Draw(t, "n")
		want := strconv.FormatInt(n, 10)
		python := strconv.FormatFloat(float64(n), 'f', 1, 64)
		java := bytes.Replace(strconv.AppendFloat(nil, float64(n), 'E', -1, 64), []byte("E+"), []byte("E"), 1)
		if !bytes.Contains(java, []byte(".")) {
			java = bytes.Replace(java, []byte("E"), []byte(".0E"), 1)
		}
		for _, text := range []string{python, string(java), want} {
			if got, ok := number.AppendIdentifier(nil, []byte(text)); !ok || string(got) != want {
				t.Fatalf("%s: %q %t, want %s", text, got, ok, want)
			}
		}
	})
}

// FuzzAppendIdentifier: what is changed means the same number, and never grows by more than its exponent says.
func FuzzAppendIdentifier(f *testing.F) {
	for _, seed := range []string{"1001.0", "1.2345678E7", "1.23457E+11", "00123", "+1.0E2", "1.000", "1,5E3"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		got, ok := number.AppendIdentifier(nil, text)
		if !ok && len(got) > 0 {
			t.Fatalf("%q is dropped, and leaves %q", text, got)
		}
		if !ok || bytes.Equal(got, text) {
			return
		}
		want, err := strconv.ParseFloat(string(bytes.Replace(text, []byte(","), []byte("."), 1)), 64)
		have, err2 := strconv.ParseInt(string(got), 10, 64)
		if err != nil || err2 != nil || math.Abs(want-float64(have)) > 1 {
			t.Fatalf("%q became %q", text, got)
		}
	})
}

func BenchmarkAppendIdentifier(b *testing.B) {
	for _, text := range []string{"+1 650-555-1212", "customer-10001", "1.2345678E7"} {
		b.Run(text, func(b *testing.B) {
			b.ReportAllocs()
			var dst []byte
			for b.Loop() {
				dst, _ = number.AppendIdentifier(dst[:0], []byte(text))
			}
		})
	}
}
