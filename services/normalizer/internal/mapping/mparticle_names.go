package mapping

// mParticleNames is the actions of mParticle's commerce events and the types of its others, with the names of Segment's
// table for custom events. Dropped are those that Meta has no use for; checkout_option may be anything in a checkout:
// where it is the payment, a source's events table says AddPaymentInfo.
var mParticleNames = segmentNames.with(map[string]string{
	"purchase":             "Purchase",
	"add_to_cart":          "AddToCart",
	"add_to_wishlist":      "AddToWishlist",
	"checkout":             "InitiateCheckout",
	"view_detail":          "ViewContent",
	"checkout_option":      "",
	"click":                "",
	"refund":               "",
	"remove_from_cart":     "",
	"remove_from_wishlist": "",

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
})
