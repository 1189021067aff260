package identity

import (
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
)

func TestCountry(t *testing.T) {
	check(t, Country, nil, []row{
		{"us", "us", Kept},
		{" US! ", "us", Kept},
		{"UK", "gb", Kept},
		{"U.K.", "gb", Kept},
		{"Great Britain", "gb", Kept},
		{"Northern Ireland", "gb", Kept},
		{"EL", "gr", Kept},
		{"Holland", "nl", Kept},
		{"MEX", "mx", Kept}, // PB makes it Montenegro
		{"AUT", "at", Kept},
		{"PRT", "pt", Kept},
		{"CHN", "cn", Kept},
		{"Côte d’Ivoire", "ci", Kept},
		{"COTE D'IVOIRE", "ci", Kept},
		{"Österreich", "at", Kept},
		{"O\u0308sterreich", "at", Kept},
		{"United States of America", "us", Kept},
		{"", "", Empty},
		{"\u2009", "", Empty},
		{"xyz", "", Malformed},
		{"zz", "", Malformed},
		{"New Mexico", "", Malformed},
		{"中国", "", Malformed},
		{"u", "", Malformed},
		{"49", "", Malformed},
		{strings.Repeat("a", 4*longestCountry+1), "", Malformed},
	})
}

// TestCountriesAreUnambiguous: no code or name stands for two countries, or twice for one.
func TestCountriesAreUnambiguous(t *testing.T) {
	seen := make(map[string]string)
	rows := 0
	for line := range strings.Lines(countriesTSV) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		rows++
		columns := strings.Split(strings.TrimSpace(line), "\t")
		if len(columns) != 3 || len(columns[0]) != 2 || len(columns[1]) != 3 {
			t.Errorf("the row %q is not alpha-2, alpha-3, names", line)
			continue
		}
		own := make(map[string]bool)
		for _, name := range append(columns[:2:2], strings.Split(columns[2], "|")...) {
			letters := string(appendLetters(nil, norm.NFD.Bytes([]byte(name))))
			if len(letters) < 2 || len(letters) > longestCountry {
				t.Errorf("%q has %d letters", name, len(letters))
			}
			if other, ok := seen[letters]; ok && other != columns[0] {
				t.Errorf("%q is %s and %s", name, other, columns[0])
			}
			if strings.Contains(name, "\u00a0") || strings.TrimSpace(name) != name {
				t.Errorf("%q has spaces around it", name)
			}
			own[letters], seen[letters] = true, columns[0]
			if got := CountryCode([]byte(name)); got != columns[0] {
				t.Errorf("CountryCode(%q) = %q, want %q", name, got, columns[0])
			}
		}
		if len(own) < 2 {
			t.Errorf("%s has one name only", columns[0])
		}
	}
	if rows != 250 {
		t.Errorf("the table has %d countries, want ISO's 249 and Kosovo", rows)
	}
}
