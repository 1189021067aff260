// Package stripe is the webhooks of a Stripe account: one event a request, signed with the endpoint's secret.
package stripe

import (
	"net/http"

	"github.com/omnicapi/omnicapi/pkg/format"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/pkg/signature"
)

// Format is the format stripe.
var Format = format.Format{
	Name:     "stripe",
	Channels: []string{"platform"},

	Signature: signature.Stripe{},
	Keyless:   true,

	Routes:   []receive.Route{{Methods: []string{http.MethodPost}, Pattern: "/v1/platform/stripe"}},
	Receiver: Receiver{},
	// 200, and 400 for a wrong signature, as Stripe's own libraries answer. Stripe repeats anything else for days.
	Answer:  receive.Hook{Denied: http.StatusBadRequest},
	Manners: format.Manners{Taken: []int{200}, Unreadable: []int{400}, Denied: []int{400}},

	Mapper: Mapper{},
	Names:  names,
}
