// Package salesforce is Salesforce's outbound messages: SOAP 1.1, a notification for each record that a workflow or
// flow sends. They carry no signature; the secret is ?token= in the endpoint's URL, the organization the key.
package salesforce

import (
	"net/http"

	"github.com/omnicapi/omnicapi/pkg/format"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
)

// Format is the format salesforce.
var Format = format.Format{
	Name:      "salesforce",
	Channels:  []string{"crm"},
	Certified: true,

	Routes:   []receive.Route{{Methods: []string{http.MethodPost}, Pattern: "/v1/crm/salesforce"}},
	Receiver: Receiver{},
	IDs:      []string{"salesforce-"},
	// The acknowledgement, whatever the records are worth: without it a message is repeated for a day.
	Answer:  receive.Hook{ContentType: "text/xml; charset=utf-8", Body: acknowledgement, Denied: http.StatusForbidden},
	Manners: format.Manners{Taken: []int{200}, Unreadable: []int{400}, Denied: []int{403}},

	Mapper:       Mapper{},
	ActionSource: "system_generated",
}
