// Package stripe is the webhooks of a Stripe account: one event a request, signed with the endpoint's secret.
package stripe

import (
	"net/http"

	"github.com/omnicapi/omnicapi/pkg/format"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/pkg/signature"
)

// answers is 200, and 400 for a wrong signature, as Stripe's own libraries answer. Stripe repeats anything else for days.
var answers = receive.Hook{Denied: http.StatusBadRequest}

// Format is what a source may name as stripe.
var Format = format.Format{
	Name:      "stripe",
	Channels:  []string{"platform"},
	Signature: signature.Stripe{},
	Routes:    []receive.Route{{Methods: []string{http.MethodPost}, Pattern: "/v1/platform/stripe", Answer: answers}},
	Answer:    answers,
	Manners:   format.Manners{Taken: []int{200}, Unreadable: []int{400}, Denied: []int{400}},
	Receiver:  Receiver{},
	Mapper:    Mapper{},
	Names:     names,
}
