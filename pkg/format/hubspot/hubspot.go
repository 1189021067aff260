// Package hubspot is a HubSpot app's webhooks: an array of changes, signed (v1 to v3) with the app's client secret.
// They name objects by number and carry nothing of the person.
package hubspot

import (
	"net/http"

	"github.com/omnicapi/omnicapi/pkg/format"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/pkg/signature"
)

// Format is the format hubspot.
var Format = format.Format{
	Name:     "hubspot",
	Channels: []string{"crm"},

	Signature: signature.HubSpot{},

	Routes:   []receive.Route{{Methods: []string{http.MethodPost}, Pattern: "/v1/crm/hubspot"}},
	Receiver: Receiver{},
	IDs:      []string{"hubspot-"},
	// 200; HubSpot does not repeat what is answered 401, the answer to a wrong signature.
	Answer:  receive.Hook{},
	Manners: format.Manners{Taken: []int{200}, Unreadable: []int{400}, Denied: []int{401}},

	Mapper:       Mapper{},
	ActionSource: "system_generated",
}
