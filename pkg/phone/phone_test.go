package phone

import (
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/nyaruka/phonenumbers"
	"pgregory.net/rapid"
)

// TestFastPathEqualsLibrary writes numbers of every region in many shapes, right and wrong, and reads each as one of
// its region, of another region, and of none.
func TestFastPathEqualsLibrary(t *testing.T) {
	if len(regions) < 200 {
		t.Fatalf("the table has %d regions", len(regions))
	}
	rapid.Check(t, func(t *rapid.T) {
		text := drawPhone(t)
		home := ""
		if rapid.IntRange(0, 3).Draw(t, "home") > 0 {
			home = regions[rapid.IntRange(0, len(regions)-1).Draw(t, "home region")].id
		}
		comparePhone(t, text, home)
	})
}

// TestExamplesEqualLibrary reads the library's example numbers of every region and type as people write them. The types
// of a region mostly share an example, and each is read only once, since the library is slow.
func TestExamplesEqualLibrary(t *testing.T) {
	t.Parallel()
	const parts = 8
	var sure atomic.Int64
	t.Run("regions", func(t *testing.T) {
		for part := range parts {
			t.Run(strconv.Itoa(part), func(t *testing.T) {
				t.Parallel()
				asked := map[[2]string]bool{}
				for i := part; i < len(regions); i += parts {
					for _, read := range examplesOf(regions[i].id, []string{"us", "de", "gb"}[i%3]) {
						if !asked[read] {
							asked[read] = true
							sure.Add(int64(comparePhone(t, read[0], read[1])))
						}
					}
				}
			})
		}
	})
	if sure.Load() < 9000 {
		t.Errorf("the fast path read only %d examples", sure.Load())
	}
}

// examplesOf lists the examples of a region, each with the country in which it is read: its own and, unless it is
// written as international, also none and abroad. For an international number the country makes no difference.
func examplesOf(region, abroad string) (reads [][2]string) {
	for typ := phonenumbers.FIXED_LINE; typ <= phonenumbers.VOICEMAIL; typ++ {
		example := phonenumbers.GetExampleNumberForType(strings.ToUpper(region), typ)
		if example == nil {
			continue
		}
		digits := strings.TrimPrefix(phonenumbers.Format(example, phonenumbers.E164), "+")
		marked := phonenumbers.Format(example, phonenumbers.INTERNATIONAL)
		national := phonenumbers.Format(example, phonenumbers.NATIONAL)
		for _, text := range []string{"+" + digits, marked, "00" + digits, strings.TrimPrefix(marked, "+")} {
			reads = append(reads, [2]string{text, region})
		}
		for _, home := range []string{region, "", abroad} {
			reads = append(reads, [2]string{digits, home}, [2]string{national, home})
		}
	}
	return reads
}

type failer interface {
	Fatalf(format string, args ...any)
}

func comparePhone(t failer, text, home string) int {
	fast, ok, sure := appendPlain(nil, []byte(text), home)
	if !sure {
		return 0
	}
	slow, slowOK := appendByLibrary(nil, []byte(text), home)
	if string(fast) != string(slow) || ok != slowOK {
		t.Fatalf("%q in %q: fast path %q (%v), library %q (%v)", text, home, fast, ok, slow, slowOK)
	}
	return 1
}

func drawPhone(t *rapid.T) string {
	r := regions[rapid.IntRange(0, len(regions)-1).Draw(t, "region")]
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
		home := "us"
		if text[0] == '0' {
			home = "gb"
		}
		b.Run("table/"+text, func(b *testing.B) {
			b.ReportAllocs()
			var dst []byte
			for b.Loop() {
				dst, _, _ = appendPlain(dst[:0], []byte(text), home)
			}
		})
		b.Run("library/"+text, func(b *testing.B) {
			b.ReportAllocs()
			var dst []byte
			for b.Loop() {
				dst, _ = appendByLibrary(dst[:0], []byte(text), home)
			}
		})
	}
}
