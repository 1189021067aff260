package identity

import (
	"os"
	"strings"
	"testing"

	"github.com/nyaruka/phonenumbers"
	"pgregory.net/rapid"

	"github.com/omnicapi/omnicapi/pkg/identity/internal/phonegen"
)

func TestPhoneTableIsCurrent(t *testing.T) {
	want, err := phonegen.Generate()
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("phonetable_gen.go")
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Error("phonetable_gen.go is not what go generate writes")
	}
}

// TestPhoneFastPathEqualsLibrary writes numbers of every region in many shapes, right and wrong, and reads them in the
// region, in another, and in none.
func TestPhoneFastPathEqualsLibrary(t *testing.T) {
	if len(phoneRegions) < 200 {
		t.Fatalf("the table has %d regions", len(phoneRegions))
	}
	rapid.Check(t, func(t *rapid.T) {
		text := drawPhone(t)
		home := ""
		if rapid.IntRange(0, 3).Draw(t, "home") > 0 {
			home = phoneRegions[rapid.IntRange(0, len(phoneRegions)-1).Draw(t, "home region")].id
		}
		comparePhone(t, text, home)
	})
}

func TestPhoneExamplesEqualLibrary(t *testing.T) {
	sure := 0
	abroad := []string{"us", "de", "gb"}
	for i, r := range phoneRegions {
		for typ := phonenumbers.FIXED_LINE; typ <= phonenumbers.VOICEMAIL; typ++ {
			example := phonenumbers.GetExampleNumberForType(strings.ToUpper(r.id), typ)
			if example == nil {
				continue
			}
			for _, f := range []phonenumbers.PhoneNumberFormat{phonenumbers.E164, phonenumbers.INTERNATIONAL, phonenumbers.NATIONAL} {
				text := phonenumbers.Format(example, f)
				for _, form := range []string{text, strings.TrimPrefix(text, "+"), strings.Replace(text, "+", "00", 1)} {
					for _, home := range []string{r.id, "", abroad[i%len(abroad)]} {
						sure += comparePhone(t, form, home)
					}
				}
			}
		}
	}
	if sure < 10000 {
		t.Errorf("the fast path read only %d examples", sure)
	}
}

type failer interface {
	Fatalf(format string, args ...any)
}

func comparePhone(t failer, text, home string) int {
	fast, drop, sure := appendPlainPhone(nil, []byte(text), home)
	if !sure {
		return 0
	}
	slow, slowDrop := appendPhoneByLibrary(nil, []byte(text), home)
	if string(fast) != string(slow) || drop != slowDrop {
		t.Fatalf("%q in %q: fast path %q (%v), library %q (%v)", text, home, fast, drop, slow, slowDrop)
	}
	return 1
}

func drawPhone(t *rapid.T) string {
	r := phoneRegions[rapid.IntRange(0, len(phoneRegions)-1).Draw(t, "region")]
	typ := phonenumbers.PhoneNumberType(rapid.IntRange(0, 9).Draw(t, "type"))
	example := phonenumbers.GetExampleNumberForType(strings.ToUpper(r.id), typ)
	if example == nil {
		example = phonenumbers.GetExampleNumber(strings.ToUpper(r.id))
	}
	digits := []byte(phonenumbers.GetNationalSignificantNumber(example))
	for range rapid.IntRange(0, 3).Draw(t, "changes") {
		at := rapid.IntRange(0, len(digits)-1).Draw(t, "at")
		digits[at] = byte('0' + rapid.IntRange(0, 9).Draw(t, "digit"))
	}
	if cut := rapid.IntRange(-4, 2).Draw(t, "cut"); cut > 0 && cut < len(digits) {
		digits = digits[:len(digits)-cut]
	} else if cut == -4 {
		digits = append(digits, '7')
	}
	trunk := rapid.SampledFrom([]string{"", "", "0", "1", "8", "06", "(0)", "00"}).Draw(t, "trunk")
	code := strings.TrimPrefix(phonenumbers.Format(&phonenumbers.PhoneNumber{CountryCode: example.CountryCode}, phonenumbers.E164), "+")
	code = strings.TrimSuffix(code, "0")
	start := rapid.SampledFrom([]string{"", "+" + code, "00" + code, code, "(+" + code + ")", "011" + code}).Draw(t, "start")
	var b strings.Builder
	b.WriteString(start + trunk)
	for _, d := range digits {
		b.WriteString(rapid.SampledFrom([]string{"", "", "", " ", "-", ".", "/", " (", ") "}).Draw(t, "mark"))
		b.WriteByte(d)
	}
	return b.String()
}

func BenchmarkPhone(b *testing.B) {
	for _, text := range []string{"+1 650-555-1212", "(650) 253-0000", "+49 30 12345678", "020 7183 8750"} {
		c := Context{DefaultCountry: "us"}
		if text[0] == '0' {
			c.DefaultCountry = "gb"
		}
		b.Run("table/"+text, func(b *testing.B) {
			b.ReportAllocs()
			var dst []byte
			for b.Loop() {
				dst, _, _ = appendPlainPhone(dst[:0], []byte(text), c.DefaultCountry)
			}
		})
		b.Run("library/"+text, func(b *testing.B) {
			b.ReportAllocs()
			var dst []byte
			for b.Loop() {
				dst, _ = appendPhoneByLibrary(dst[:0], []byte(text), c.DefaultCountry)
			}
		})
	}
}
