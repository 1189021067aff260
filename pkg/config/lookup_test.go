package config

import (
	"strings"
	"testing"
)

// TestLookupsNeedGraph: a source with a page's token makes the normalizer call Graph; others do not.
func TestLookupsNeedGraph(t *testing.T) {
	const config = `
kafka: {brokers: [localhost:9092]}
datasets: {shop: {id: "1", token_file: no/shop.token}}
sources: {leads: {channel: crm, format: meta.leadgen, dataset: shop, secrets: [no/app.secret], TOKEN}}
`
	for _, tt := range []struct {
		role Role
		file string
		want []string // paths that are wrong
	}{
		{RoleNormalizer, "token_file: no/page.token", []string{"graph.url", "sources.leads.token_file"}},
		{RoleNormalizer, "rate: {}", nil},
		{RoleSandbox, "token_file: no/page.token", []string{"datasets.shop.token_file", "sources.leads.token_file"}},
		{RoleIngest, "token_file: no/page.token", []string{"sources.leads.secrets.0"}},
	} {
		_, _, err := parseConfig([]byte(strings.Replace(config, "TOKEN", tt.file, 1)), "omnicapi.yaml", nil, tt.role)
		got := map[string]bool{}
		if p, ok := err.(Problems); ok { //nolint:errorlint // the contract of Load is the type itself
			for _, one := range p {
				got[one.Path] = true
			}
		} else if err != nil {
			t.Fatal(err)
		}
		for _, path := range tt.want {
			if !got[path] {
				t.Errorf("%s with %s: %s is not wrong: %v", tt.role, tt.file, path, err)
			}
		}
		if len(got) != len(tt.want) {
			t.Errorf("%s with %s: %v", tt.role, tt.file, err)
		}
	}
}
