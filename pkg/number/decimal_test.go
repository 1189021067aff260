package number_test

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/omnicapi/omnicapi/pkg/number"
)

// amounts are texts, what they are by a decimal point, by a decimal comma, and by themselves; "" none.
var amounts = []struct{ text, point, comma, itself string }{
	{"5", "5", "5", "5"},
	{"007", "7", "7", "7"},
	{"59.90", "59.90", "", "59.90"},
	{"59,90", "", "59.90", "59.90"},
	{"1.234", "1.234", "1234", "1.234"}, // programs mean a point
	{"1,234", "1234", "1.234", ""},
	{"0,234", "", "0.234", "0.234"},
	{"0.234", "0.234", "", "0.234"},
	{"1234,567", "", "1234.567", "1234.567"},
	{"1,2345", "", "1.2345", "1.2345"},
	{"1,234.50", "1234.50", "", "1234.50"},
	{"1.234,50", "", "1234.50", "1234.50"},
	{"1.234.567", "", "1234567", "1234567"},
	{"1,234,567", "1234567", "", "1234567"},
	{"1.234.567,8", "", "1234567.8", "1234567.8"},
	{"12,34,567.89", "1234567.89", "", "1234567.89"}, // lakhs
	{"1,23,456", "123456", "", "123456"},
	{"1,23,45,678.00", "12345678.00", "", "12345678.00"},
	{"1 234", "1234", "1234", "1234"},
	{"1 234.50", "1234.50", "", "1234.50"},
	{"1 234,5", "", "1234.5", "1234.5"},
	{"1 234,567", "", "1234.567", "1234.567"},
	{"1\u00a0234,50", "", "1234.50", "1234.50"},
	{"1\u202f234,50 €", "", "1234.50", "1234.50"},
	{"1\u2009234,50", "", "1234.50", "1234.50"},
	{"1'234.50", "1234.50", "", "1234.50"},
	{"CHF 1’234.50", "1234.50", "", "1234.50"},
	{"1'234'567", "1234567", "1234567", "1234567"},
	{".5", "0.5", "", "0.5"},
	{",5", "", "0.5", "0.5"},
	{"5.", "5", "", "5"},
	{"5,", "", "5", ""},

	{"$1,234.56", "1234.56", "", "1234.56"},
	{"$1.234", "1.234", "1234", ""},
	{"1,234 €", "1234", "1.234", ""},
	{"$1234.50", "1234.50", "", "1234.50"},
	{"1234.56 $", "1234.56", "", "1234.56"},
	{"$.50", "0.50", "", "0.50"},
	{"USD 1234.56", "1234.56", "", "1234.56"},
	{"1234.56USD", "1234.56", "", "1234.56"},
	{"1.234,50 EUR", "", "1234.50", "1234.50"},
	{"1.234,56 €", "", "1234.56", "1234.56"},
	{"€1.234,56", "", "1234.56", "1234.56"},
	{"R$ 1.234,56", "", "1234.56", "1234.56"},
	{"Rs.500", "500", "500", "500"},
	{"Rs. 1,23,456.78", "123456.78", "", "123456.78"},
	{"499,00 kr", "", "499.00", "499.00"},
	{"kr. 499", "499", "499", "499"},
	{"1 234,50 zł", "", "1234.50", "1234.50"},
	{"1 234,50 ZŁ", "", "1234.50", "1234.50"},
	{"1 250 Kč", "1250", "1250", "1250"},
	{"12 990 Ft", "12990", "12990", "12990"},
	{"¥5000", "5000", "5000", "5000"},
	{"￥5000", "5000", "5000", "5000"},
	{"CA$ 5.00 CAD", "5.00", "", "5.00"},
	{"usd 5.00", "5.00", "", "5.00"},
	{"\u200f5.00\u00a0₪", "5.00", "", "5.00"},

	{"-5.5", "-5.5", "", "-5.5"},
	{"+5", "5", "5", "5"},
	{"\u22125", "-5", "-5", "-5"},
	{"5-", "-5", "-5", "-5"},
	{"5.00- EUR", "-5.00", "", "-5.00"},
	{"-$5.00", "-5.00", "", "-5.00"},
	{"$-5.00", "-5.00", "", "-5.00"},
	{"$ -5.00", "-5.00", "", "-5.00"},
	{"(5.00)", "-5.00", "", "-5.00"},
	{"($1,234.50)", "-1234.50", "", "-1234.50"},
	{"$(5)", "-5", "-5", "-5"},
	{"-0.00", "0.00", "", "0.00"},
	{"1234,-", "", "1234", "1234"},
	{"1.234,-", "", "1234", "1234"},
	{"1234,-- €", "", "1234", "1234"},
	{"CHF 50.-", "50", "", "50"},
	{"50.—", "50", "", "50"},

	{"¥1,234", "1234", "1.234", ""}, // Japan's has no decimals, China's has
	{"JPY 1,234", "1234", "1.234", "1234"},
	{"₩12,000", "12000", "12.000", "12000"},
	{"12.000 ₫", "12.000", "12000", "12000"},
	{"Rp 15.000", "15.000", "15000", "15000"},
	{"Rp15.000,50", "", "15000.50", "15000.50"},
	{"12.990 Ft", "12.990", "12990", "12990"},
	{"0.234 JPY", "0.234", "", "0.234"},
	{"Rs. 1,234.50/-", "1234.50", "", "1234.50"},
	{"Rs.500/-", "500", "500", "500"},
	{"500/=", "500", "500", "500"},
	{"'12.50", "12.50", "", "12.50"},
	{`="12.50"`, "12.50", "", "12.50"},
	{"USD$12.50", "12.50", "", "12.50"},
	{"٣٤٫٥٠", "34.50", "", "34.50"},
	{"١٬٢٣٤٫٥٠ ر.س", "1234.50", "", "1234.50"},
	{"۳۴", "34", "34", "34"},
	{"１２３４円", "1234", "1234", "1234"},
	{"12.50 د.إ", "12.50", "", "12.50"},

	{"1.23456E+03", "1234.56", "", "1234.56"},
	{"1,23456E+03", "", "1234.56", "1234.56"},
	{"1e3", "1000", "1000", "1000"},
	{"1.234e0", "1.234", "", "1.234"},
	{"1,234E+2", "", "123.4", "123.4"},
	{"5E-2", "0.05", "0.05", "0.05"},
	{"12.5e-3", "0.0125", "", "0.0125"},
	{"EUR 1.5e2", "150", "", "150"},
	{" 5 ", "5", "5", "5"},
	{"99999999999999999999", "99999999999999999999", "99999999999999999999", "99999999999999999999"},
}

func TestAppendDecimal(t *testing.T) {
	for _, c := range amounts {
		for point, want := range map[byte]string{'.': c.point, ',': c.comma, 0: c.itself} {
			got, ok := number.AppendDecimal([]byte("x"), []byte(c.text), point)
			if string(got) != "x"+want || ok != (want != "") {
				t.Errorf("%q by %q is %q, %t; want %q", c.text, point, got[1:], ok, want)
			}
		}
	}
}

// TestNoAmount: neither a decimal point nor a comma makes these one number.
func TestNoAmount(t *testing.T) {
	for _, text := range []string{
		"", " ", "-", ".", ",", "$", "EUR", "about 20", "20 pcs", "NaN", "Infinity", "0x10", "३", "20%", "1/2", "5.00 - 6.00", "5 EUR 50",
		"--5", "-5-", "-(5)", "(5", "5)", "((5))", "1.2.3", "12.34,5", "1,23.4", "1,2,3", "1 23", "12 34 567", "1'234 567", "1,234.567.8",
		"1,234,56", "1234,567,890", "0,123,456", "1,23,4567", "123,45,678", "1e", "e3", "1e+", "1e1000", "1e3.5", "1_000", "USD 5 EUR", "2026-11-30",
		"5€5", "ABC 5", "5 x 3", "999999999999999999999", "1e25", "¢50", "50.-5", "€-", strings.Repeat("1", 65), "\xff5",
	} {
		for _, point := range []byte{0, '.', ','} {
			if got, ok := number.AppendDecimal(nil, []byte(text), point); ok || len(got) > 0 {
				t.Errorf("%q by %q is %q", text, point, got)
			}
		}
	}
}

func TestCurrencyBesideAnAmount(t *testing.T) {
	for text, want := range map[string]string{
		"5": "", "$5": "", "kr 5": "", "¥5": "", "5 €": "EUR", "5 eur": "EUR", "USD 5": "USD", "$5 USD": "USD", "CA$5 CAD": "CAD", "R$ 5": "BRL",
		"5 zł": "PLN", "AUD$5": "AUD", "5 د.إ": "AED", "Dhs 5": "", "£5": "GBP", "₹5": "INR", "5 лв.": "BGN",
	} {
		if _, got, ok := number.AppendMoney(nil, []byte(text), 0); !ok || got != want {
			t.Errorf("%q says %q, %t; want %q", text, got, ok, want)
		}
	}
}

func TestCurrencyOf(t *testing.T) {
	for text, want := range map[string]string{
		"EUR": "EUR", "eur": "EUR", "€": "EUR", "Euro": "EUR", "zł": "PLN", "US$": "USD", "$": "", "kr": "", "XXX": "", "": "", "EUROS!": "",
	} {
		if got := number.CurrencyOf([]byte(text)); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}

// TestWrittenAmountsAreReadAgain: whatever grouping, sign and decimal an amount of cents is written with, it is that amount.
func TestWrittenAmountsAreReadAgain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cents := rapid.Int64Range(0, 1e12).Draw(t, "cents")
		style := rapid.SampledFrom([][2]string{{",", "."}, {".", ","}, {" ", ","}, {"\u202f", ","}, {"'", "."}, {"’", "."}, {"", "."}, {"", ","}}).Draw(t, "style")
		whole, want := strconv.FormatInt(cents/100, 10), strconv.FormatInt(cents/100, 10)
		for i := len(whole) - 3; i > 0; i -= 3 {
			whole = whole[:i] + style[0] + whole[i:]
		}
		fraction := strconv.FormatInt(100+cents%100, 10)[1:]
		text := rapid.SampledFrom([]string{"", "€", "EUR ", "$", "Rs. "}).Draw(t, "before") + whole + style[1] + fraction +
			rapid.SampledFrom([]string{"", " €", "EUR", " kr."}).Draw(t, "behind")
		for _, point := range []byte{0, style[1][0]} {
			if got, ok := number.AppendDecimal(nil, []byte(text), point); !ok || string(got) != want+"."+fraction {
				t.Fatalf("%q by %q is %q, %t", text, point, got, ok)
			}
		}
	})
}

// FuzzAppendDecimal: what it makes of any text is a JSON number, appended, which it reads again as itself; and what the text
// makes clear is never something else by the text's own decimal.
func FuzzAppendDecimal(f *testing.F) {
	for _, c := range amounts {
		f.Add(c.text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var read [3]string
		for i, point := range []byte{0, '.', ','} {
			got, ok := number.AppendDecimal([]byte("x"), []byte(text), point)
			if got[0] != 'x' || !ok && len(got) > 1 {
				t.Fatalf("%q by %q: %q", text, point, got)
			}
			if !ok {
				continue
			}
			read[i] = string(got[1:])
			if again, ok := number.AppendDecimal(nil, got[1:], '.'); !json.Valid(got[1:]) || !ok || string(again) != read[i] {
				t.Fatalf("%q by %q is %q, read again %q", text, point, got[1:], again)
			}
		}
		if read[0] != "" && read[0] != read[1] && read[0] != read[2] && (read[1] != "" || read[2] != "") {
			t.Fatalf("%q is %q by itself, %q by a point, %q by a comma", text, read[0], read[1], read[2])
		}
	})
}

func TestAppendDecimalAllocatesNothing(t *testing.T) {
	dst := make([]byte, 0, 64)
	if n := testing.AllocsPerRun(100, func() {
		for _, c := range amounts {
			number.AppendDecimal(dst, []byte(c.text), 0)
		}
	}); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkAppendDecimal(b *testing.B) {
	for _, text := range []string{"142.52", "$1,234.56", "1.234,50 EUR"} {
		b.Run(text, func(b *testing.B) {
			b.ReportAllocs()
			value, dst := []byte(text), make([]byte, 0, 64)
			for b.Loop() {
				number.AppendDecimal(dst, value, 0)
			}
		})
	}
}
