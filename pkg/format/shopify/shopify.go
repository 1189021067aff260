// Package shopify is a shop's webhooks: one order, checkout or customer a request, signed with the app's client
// secret. What it is about stands in headers only.
package shopify

import (
	"net/http"

	"github.com/omnicapi/omnicapi/pkg/format"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/pkg/signature"
)

// Format is the format shopify.
var Format = format.Format{
	Name:     "shopify",
	Channels: []string{"platform"},

	Signature: signature.Shopify{},
	Shop:      true,

	Routes:   []receive.Route{{Methods: []string{http.MethodPost}, Pattern: "/v1/platform/shopify"}},
	Receiver: Receiver{},
	IDs:      []string{"shopify-"},
	// 200: Shopify repeats anything else eight times and then removes the subscription.
	Answer:  receive.Hook{},
	Manners: format.Manners{Taken: []int{200}, Unreadable: []int{400}, Denied: []int{401}},

	Mapper: Mapper{},
	Names:  names,
}
