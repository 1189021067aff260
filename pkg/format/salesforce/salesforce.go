// Package salesforce is its outbound messages: SOAP 1.1, a notification for each record that a workflow or flow sends. They carry
// no signature; the secret is ?token= in the endpoint's URL, the organization the key.
package salesforce

import (
	"net/http"

	"github.com/omnicapi/omnicapi/pkg/format"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
)

// answers is the acknowledgement, whatever the records are worth.
var answers = receive.Hook{ContentType: "text/xml; charset=utf-8", Body: salesforceAck, Denied: http.StatusForbidden}

// Format is what a source may name as salesforce.
var Format = format.Format{
	Name:         "salesforce",
	Channels:     []string{"crm"},
	Routes:       []receive.Route{{Methods: []string{http.MethodPost}, Pattern: "/v1/crm/salesforce", Answer: answers}},
	Answer:       answers,
	Manners:      format.Manners{Taken: []int{200}, Unreadable: []int{400}, Denied: []int{403}},
	Receiver:     Receiver{},
	Mapper:       Mapper{},
	ActionSource: "system_generated",
}
