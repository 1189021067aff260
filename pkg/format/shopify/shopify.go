// Package shopify is a shop's webhooks: one order, checkout or customer a request, signed with the app's client secret. What it
// is about stands in headers only.
package shopify

import (
	"net/http"

	"github.com/omnicapi/omnicapi/pkg/format"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/pkg/signature"
)

// answers is 200: Shopify repeats anything else eight times and then removes the subscription.
var answers = receive.Hook{}

// Format is what a source may name as shopify.
var Format = format.Format{
	Name:      "shopify",
	Channels:  []string{"platform"},
	Shop:      true,
	Signature: signature.Shopify{},
	Routes:    []receive.Route{{Methods: []string{http.MethodPost}, Pattern: "/v1/platform/shopify", Answer: answers}},
	Answer:    answers,
	Manners:   format.Manners{Taken: []int{200}, Unreadable: []int{400}, Denied: []int{401}},
	Receiver:  Receiver{},
	Mapper:    Mapper{},
	Names:     names,
}
