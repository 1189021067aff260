// Package woocommerce is a WooCommerce shop's webhooks: one order a request, signed with the webhook's secret.
package woocommerce

import (
	"net/http"

	"github.com/omnicapi/omnicapi/pkg/format"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/pkg/signature"
)

// Format is the format woocommerce.
var Format = format.Format{
	Name:     "woocommerce",
	Channels: []string{"platform"},

	Signature: signature.WooCommerce{},
	Shop:      true,

	Routes:   []receive.Route{{Methods: []string{http.MethodPost}, Pattern: "/v1/platform/woocommerce"}},
	Receiver: Receiver{},
	IDs:      []string{"woo-"},
	Answer:   receive.Hook{},
	Manners:  format.Manners{Taken: []int{200}, Unreadable: []int{400}, Denied: []int{401}},
	// WooCommerce never repeats one, and turns the webhook off after a few answers other than 2xx.
	NoRetry:  true,
	TurnsOff: true,

	Mapper: Mapper{},
	Names:  names,
}
