package enrich

import (
	"github.com/omnicapi/omnicapi/pkg/capi"
	"github.com/omnicapi/omnicapi/pkg/format/mapping"
	"github.com/omnicapi/omnicapi/pkg/identity"
)

// The names of a lead: business messaging takes LeadSubmitted where the other channels say Lead.
var (
	lead          = []byte("Lead")
	leadSubmitted = []byte("LeadSubmitted")
)

// messaging gives a lead from a conversation the name that Meta wants. Outside of business messaging (a source whose
// action_source is chat) it takes a WhatsApp number as a phone.
func messaging(e *capi.Event, p *mapping.People) {
	switch {
	case string(e.ActionSource) == "business_messaging":
		if string(e.Name) == string(lead) {
			e.Name = leadSubmitted
		}
	case len(p.WhatsApp) > 0 && value(e, identity.Ph) == nil:
		var room [32]byte
		e.User.Add(identity.Ph, identity.Auto, e.Keep(append(append(room[:0], '+'), p.WhatsApp...)))
	}
}
