// Package all is the list of formats. Configuration, ingest, normalizer and command ask it; to add a sender is to add its
// folder beside this one and its line below. It refuses to know anything of a format: each says it of itself.
package all

import (
	"github.com/omnicapi/omnicapi/pkg/format"
	"github.com/omnicapi/omnicapi/pkg/format/adjust"
	"github.com/omnicapi/omnicapi/pkg/format/appsflyer"
	"github.com/omnicapi/omnicapi/pkg/format/branch"
	"github.com/omnicapi/omnicapi/pkg/format/capi"
	"github.com/omnicapi/omnicapi/pkg/format/cloudevents"
	"github.com/omnicapi/omnicapi/pkg/format/collect"
	"github.com/omnicapi/omnicapi/pkg/format/csv"
	"github.com/omnicapi/omnicapi/pkg/format/ga4gtag"
	"github.com/omnicapi/omnicapi/pkg/format/ga4mp"
	"github.com/omnicapi/omnicapi/pkg/format/hubspot"
	"github.com/omnicapi/omnicapi/pkg/format/json"
	"github.com/omnicapi/omnicapi/pkg/format/metaleadgen"
	"github.com/omnicapi/omnicapi/pkg/format/metaopenbridge"
	"github.com/omnicapi/omnicapi/pkg/format/metapixel"
	"github.com/omnicapi/omnicapi/pkg/format/mparticle"
	"github.com/omnicapi/omnicapi/pkg/format/ndjson"
	"github.com/omnicapi/omnicapi/pkg/format/pos"
	"github.com/omnicapi/omnicapi/pkg/format/salesforce"
	"github.com/omnicapi/omnicapi/pkg/format/segment"
	"github.com/omnicapi/omnicapi/pkg/format/shopify"
	"github.com/omnicapi/omnicapi/pkg/format/square"
	"github.com/omnicapi/omnicapi/pkg/format/stages"
	"github.com/omnicapi/omnicapi/pkg/format/stape"
	"github.com/omnicapi/omnicapi/pkg/format/stripe"
	"github.com/omnicapi/omnicapi/pkg/format/whatsapp"
	"github.com/omnicapi/omnicapi/pkg/format/woocommerce"
	"github.com/omnicapi/omnicapi/pkg/format/xlsx"
)

// Formats is every format, in the order in which they are listed to people.
var Formats = []*format.Format{
	&capi.Format,
	&metaopenbridge.Format,
	&metapixel.Format,
	&collect.Format,
	&appsflyer.Format,
	&adjust.Format,
	&branch.Format,
	&whatsapp.Format,
	&pos.Format,
	&square.Format,
	&csv.Format,
	&xlsx.Format,
	&ndjson.Format,
	&metaleadgen.Format,
	&hubspot.Format,
	&salesforce.Format,
	&stages.Format,
	&segment.Format,
	&mparticle.Format,
	&shopify.Format,
	&woocommerce.Format,
	&stripe.Format,
	&cloudevents.Format,
	&json.Format,
	&ga4mp.Format,
	&ga4gtag.Format,
	&stape.Format,
}

var byName = index()

func index() map[string]*format.Format {
	m := make(map[string]*format.Format, len(Formats))
	for _, f := range Formats {
		m[f.Name] = f
	}
	return m
}

// Named returns a format, nil if there is none of that name.
func Named(name string) *format.Format { return byName[name] }

// Of is Named for a name in a buffer, without allocation.
func Of(name []byte) *format.Format { return byName[string(name)] }

// Names are the formats' names in the order of Formats.
func Names() []string {
	names := make([]string, len(Formats))
	for i, f := range Formats {
		names[i] = f.Name
	}
	return names
}

// ForeignIDs is what the ids of all other formats' templates begin with.
func ForeignIDs(name string) []string {
	var ids []string
	for _, f := range Formats {
		if f.Name != name {
			ids = append(ids, f.IDs...)
		}
	}
	return ids
}
