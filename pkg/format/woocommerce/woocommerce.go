// Package woocommerce is a shop's webhooks: one order a request, signed with the webhook's secret. It never repeats one, and turns
// the webhook off after a few answers other than 2xx: its sources have no rate.
package woocommerce

import (
	"net/http"

	"github.com/omnicapi/omnicapi/pkg/format"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/pkg/signature"
)

// answers is 200.
var answers = receive.Hook{}

// Format is what a source may name as woocommerce.
var Format = format.Format{
	Name:      "woocommerce",
	Channels:  []string{"platform"},
	NoRetry:   true,
	Shop:      true,
	Signature: signature.WooCommerce{},
	Routes:    []receive.Route{{Methods: []string{http.MethodPost}, Pattern: "/v1/platform/woocommerce", Answer: answers}},
	Answer:    answers,
	Manners:   format.Manners{Taken: []int{200}, Unreadable: []int{400}, Denied: []int{401}},
	Receiver:  Receiver{},
	Mapper:    Mapper{},
	Names:     names,
}
