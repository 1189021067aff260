package identity

import (
	_ "embed"
	"strings"
	"sync"

	"golang.org/x/text/unicode/norm"

	"github.com/omnicapi/omnicapi/pkg/nothing"
)

//go:embed countries.tsv
var countriesTSV string

// longestCountry bounds the names that are looked up: no name of the table has more letters.
const longestCountry = 64

// CountryCode reads a country's name, code or alias and returns its ISO alpha-2 code in lower case, "" if raw is none.
// Only the letters of raw count. PB instead cuts unknown text to two letters, which turns MEX into Montenegro.
func CountryCode(raw []byte) string {
	text := trim(raw)
	if len(text) > 4*longestCountry || nothing.Is(text) { // N/A has Namibia's letters
		return ""
	}
	if !isASCII(text) {
		text = norm.NFD.Bytes(text) // splits letters from their accents, which then are no letters
	}
	var buf [4 * longestCountry]byte
	letters := appendLetters(buf[:0], text)
	if len(letters) < 2 || len(letters) > longestCountry {
		return ""
	}
	return countries()[string(letters)]
}

func appendCountry(dst, raw []byte) ([]byte, Drop) {
	code := CountryCode(raw)
	if code == "" {
		return dst, emptyOrMalformed(trim(raw))
	}
	return append(dst, code...), Kept
}

// countries maps codes and the letters of names to ISO alpha-2. The table is read once, on the first call.
var countries = sync.OnceValue(func() map[string]string {
	byName := make(map[string]string, 1200)
	for line := range strings.Lines(countriesTSV) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		code, rest, _ := strings.Cut(strings.TrimSpace(line), "\t")
		alpha3, names, _ := strings.Cut(rest, "\t")
		byName[code], byName[alpha3] = code, code
		for name := range strings.SplitSeq(names, "|") {
			byName[string(appendLetters(nil, norm.NFD.Bytes([]byte(name))))] = code
		}
	}
	return byName
})
