package config

import "github.com/omnicapi/omnicapi/pkg/topic"

// Format is one row of the table of formats: what a source may speak.
type Format struct {
	Name     string
	Channels []string // the channels it may serve
	Browser  bool     // pages post it: origins may stand for secrets
	Mapping  bool     // it needs a mapping file
	Verify   bool     // its sender verifies the endpoint with a verify token
	NoRetry  bool     // its sender never repeats what is refused: it is not rate-limited
	Shop     bool     // its key is a shop's address
}

// Formats is every format of the contract, in the order of its table. A new format is added here first.
var Formats = []Format{
	{Name: "capi", Channels: topic.Channels},
	{Name: "meta.openbridge", Channels: []string{"website"}, Browser: true},
	{Name: "meta.pixel", Channels: []string{"website"}, Browser: true},
	{Name: "collect", Channels: []string{"website"}, Browser: true},
	{Name: "appsflyer", Channels: []string{"app"}},
	{Name: "adjust", Channels: []string{"app"}},
	{Name: "branch", Channels: []string{"app"}},
	{Name: "whatsapp", Channels: []string{"whatsapp"}, Verify: true},
	{Name: "pos", Channels: []string{"store"}},
	{Name: "square", Channels: []string{"store"}},
	{Name: "csv", Channels: topic.Channels, Mapping: true},
	{Name: "xlsx", Channels: topic.Channels, Mapping: true},
	{Name: "ndjson", Channels: topic.Channels},
	{Name: "meta.leadgen", Channels: []string{"crm"}, Verify: true},
	{Name: "hubspot", Channels: []string{"crm"}},
	{Name: "salesforce", Channels: []string{"crm"}},
	{Name: "stages", Channels: []string{"crm"}},
	{Name: "segment", Channels: []string{"cdp"}, Browser: true},
	{Name: "mparticle", Channels: []string{"cdp"}},
	{Name: "shopify", Channels: []string{"platform"}, Shop: true},
	{Name: "woocommerce", Channels: []string{"platform"}, NoRetry: true, Shop: true},
	{Name: "stripe", Channels: []string{"platform"}},
	{Name: "cloudevents", Channels: []string{"platform"}},
	{Name: "json", Channels: topic.Channels, Mapping: true},
	{Name: "ga4.mp", Channels: []string{"tagmanager"}},
	{Name: "ga4.gtag", Channels: []string{"tagmanager"}, Browser: true},
	{Name: "stape", Channels: []string{"tagmanager"}, Browser: true},
}

// FormatNamed finds a format.
func FormatNamed(name string) (Format, bool) {
	for _, f := range Formats {
		if f.Name == name {
			return f, true
		}
	}
	return Format{}, false
}

func formatNames() []string {
	names := make([]string, 0, len(Formats))
	for _, f := range Formats {
		names = append(names, f.Name)
	}
	return names
}
