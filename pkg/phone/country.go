package phone

import (
	"strconv"
	"strings"

	"github.com/nyaruka/phonenumbers"
)

// Country reads a calling code ("1", "+44") or a country's two letters and returns ISO alpha-2 in lower case, "" if
// text is neither. For a calling code that several countries share it returns the main one: us for 1.
func Country(text string) string {
	text = strings.TrimPrefix(strings.TrimSpace(text), "+")
	code, err := strconv.Atoi(text)
	if err != nil {
		if phonenumbers.GetCountryCodeForRegion(strings.ToUpper(text)) > 0 {
			return strings.ToLower(text)
		}
		return ""
	}
	if region := phonenumbers.GetRegionCodeForCountryCode(code); len(region) == 2 && region != "ZZ" {
		return strings.ToLower(region)
	}
	return ""
}
