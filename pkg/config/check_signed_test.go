package config

import (
	"fmt"
	"strings"
	"testing"
)

// TestSignedSourcesWithoutKeys: sources of a signed format that no key tells apart are warned of once they have more secrets than a
// request is tried against; a key of a format whose requests name none tells nothing apart.
func TestSignedSourcesWithoutKeys(t *testing.T) {
	for _, c := range []struct {
		format string
		keys   bool
		n      int
		warns  bool
	}{
		{"shopify", false, 16, false},
		{"shopify", false, 17, true},
		{"shopify", true, 400, false},
		{"stripe", true, 16, false},
		{"stripe", true, 17, true},
		{"cloudevents", false, 400, false},
	} {
		var text strings.Builder
		text.WriteString("datasets: {shop: {id: \"1\", token_file: no}}\nsources:\n")
		for i := range c.n {
			key := ""
			if c.keys {
				key = fmt.Sprintf(", key: shop-%d.example.com", i)
			}
			fmt.Fprintf(&text, "  s-%03d: {channel: platform, format: %s, dataset: shop, secrets: [no]%s}\n", i, c.format, key)
		}
		_, warnings, err := parseConfig([]byte(text.String()), "omnicapi.yaml", nil, RoleCommand)
		if err != nil {
			t.Fatal(err)
		}
		if said := strings.Count(strings.Join(warnings, "\n"), "/v1/sources/NAME alone"); said != 0 != c.warns || said > 1 {
			t.Errorf("%d of %s: %q", c.n, c.format, warnings)
		}
	}
}
