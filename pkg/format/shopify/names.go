package shopify

import (
	"github.com/omnicapi/omnicapi/pkg/format/mapping"
)

// names is Shopify's topics. A sale is one event, whichever of its two topics the shop has subscribed to: both have
// one event_id. A checkout that is begun is an event only where a source's events say so.
var names = &mapping.Names{Table: map[string]string{
	"orders/paid":      "Purchase",
	"orders/create":    "Purchase",
	"customers/create": "CompleteRegistration",

	"checkouts/create":           "",
	"checkouts/update":           "",
	"checkouts/delete":           "",
	"orders/cancelled":           "",
	"orders/delete":              "",
	"orders/edited":              "",
	"orders/fulfilled":           "",
	"orders/partially_fulfilled": "",
	"orders/updated":             "",
	"refunds/create":             "",
	"customers/update":           "",
	"customers/delete":           "",
	"app/uninstalled":            "",
}}
