package config

import "github.com/omnicapi/omnicapi/pkg/topic"

// Format is one row of the table of formats: what a source may speak.
type Format struct {
	Name     string
	Channels []string // the channels it may serve
	Browser  bool     // pages post it: origins may stand for secrets
	Mapping  bool     // it needs a mapping file
	Verify   bool     // its sender verifies the endpoint with a verify token
	Built    bool     // this build can receive it
}

// Formats is every format of the contract, in the order of its table. A format is added to ingest and marked here.
var Formats = []Format{
	{Name: "capi", Channels: topic.Channels, Built: true},
	{Name: "meta.openbridge", Channels: []string{"website"}, Browser: true, Built: true},
	{Name: "meta.pixel", Channels: []string{"website"}, Browser: true},
	{Name: "collect", Channels: []string{"website"}, Browser: true, Built: true},
	{Name: "appsflyer", Channels: []string{"app"}},
	{Name: "adjust", Channels: []string{"app"}},
	{Name: "branch", Channels: []string{"app"}},
	{Name: "whatsapp", Channels: []string{"whatsapp"}, Verify: true},
	{Name: "pos", Channels: []string{"store"}},
	{Name: "square", Channels: []string{"store"}},
	{Name: "csv", Channels: topic.Channels, Mapping: true, Built: true},
	{Name: "xlsx", Channels: topic.Channels, Mapping: true, Built: true},
	{Name: "ndjson", Channels: topic.Channels, Built: true},
	{Name: "meta.leadgen", Channels: []string{"crm"}, Verify: true},
	{Name: "hubspot", Channels: []string{"crm"}},
	{Name: "salesforce", Channels: []string{"crm"}},
	{Name: "stages", Channels: []string{"crm"}},
	{Name: "segment", Channels: []string{"cdp"}, Browser: true},
	{Name: "mparticle", Channels: []string{"cdp"}},
	{Name: "shopify", Channels: []string{"platform"}},
	{Name: "woocommerce", Channels: []string{"platform"}},
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

func formatNames(built bool) []string {
	var names []string
	for _, f := range Formats {
		if f.Built || !built {
			names = append(names, f.Name)
		}
	}
	return names
}
