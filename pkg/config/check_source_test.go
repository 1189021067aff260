package config

import (
	"strings"
	"testing"
)

// TestShopKeys: a key that no shop could ever send is refused, and what is meant is said.
func TestShopKeys(t *testing.T) {
	for _, format := range []string{"woocommerce", "shopify"} {
		for key, want := range map[string]string{
			"shop.example.com":          "",
			"shop.example.com/de":       "",
			"https://Shop.example.com/": "lower case: shop.example.com",
			"Shop.example.com":          "lower case: shop.example.com",
			"shop.example.com/de/":      "lower case: shop.example.com/de",
			" shop.example.com":         "blank",
		} {
			text := "datasets: {shop: {id: \"1\", token_file: no}}\nsources: {s: {channel: platform, format: " + format + ", dataset: shop, secrets: [no], key: \"" + key + "\"}}"
			_, _, err := parseConfig([]byte(text), "omnicapi.yaml", nil, RoleCommand)
			if (err != nil) != (want != "") || err != nil && (!strings.Contains(err.Error(), "sources.s.key") || !strings.Contains(err.Error(), want)) {
				t.Errorf("%s %q: %v", format, key, err)
			}
		}
	}
}

// TestNoRateForWhoDoesNotRepeat: WooCommerce neither repeats what is refused nor forgives it.
func TestNoRateForWhoDoesNotRepeat(t *testing.T) {
	for format, refused := range map[string]bool{"woocommerce": true, "shopify": false} {
		text := "datasets: {shop: {id: \"1\", token_file: no}}\nsources: {s: {channel: platform, format: " + format + ", dataset: shop, secrets: [no], rate: {events_per_second: 10}}}"
		_, _, err := parseConfig([]byte(text), "omnicapi.yaml", nil, RoleCommand)
		if (err != nil) != refused || err != nil && !strings.Contains(err.Error(), "sources.s.rate") {
			t.Errorf("%s: %v", format, err)
		}
	}
}
