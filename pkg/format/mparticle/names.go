package mparticle

import (
	"github.com/omnicapi/omnicapi/pkg/format/mapping"
)

// names is the actions of mParticle's commerce events and the types of its others; custom events have Segment's
// table. Dropped are those that Meta has no use for; checkout_option may be anything in a checkout:
// where it is the payment, a source's events table says AddPaymentInfo.
var names = mapping.FoldedWith(map[string]string{
	"purchase":              "Purchase",
	"add_to_cart":           "AddToCart",
	"add_to_wishlist":       "AddToWishlist",
	"checkout":              "InitiateCheckout",
	"view_detail":           "ViewContent",
	"checkout_option":       "",
	"click":                 "",
	"refund":                "",
	"remove_from_cart":      "",
	"remove_from_wishlist":  "",
	"remove_from_wish_list": "", // as mParticle's own models spell it
	"unknown":               "",

	"screen_view":                  "PageView",
	"promotion_action":             "",
	"product_impressions":          "",
	"session_start":                "",
	"session_end":                  "",
	"application_state_transition": "",
	"breadcrumb":                   "",
	"crash_report":                 "",
	"first_run":                    "",
	"media":                        "",
	"network_performance":          "",
	"opt_out":                      "",
	"profile":                      "",
	"push_message":                 "",
	"push_reaction":                "",
	"push_registration":            "",
	"uninstall":                    "",
	"validation":                   "",
	"validation_result":            "",
	"attribution":                  "",
	"pre_attribution":              "",
})
