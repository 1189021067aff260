package google

import (
	"github.com/omnicapi/omnicapi/pkg/format/mapping"
)

// Names is what Google Analytics 4 calls its recommended events, gtm4wp's and GTM's, to Meta's names. What Google's
// tags and SDKs collect by themselves is dropped. A list of products is seen far more often than anything is done with it:
// a source may map view_item_list to ViewContent. Meta's own names stay.
var Names = mapping.NamesWith(map[string]string{
	"page_view":           "PageView",
	"gtm.dom":             "PageView",
	"view_item":           "ViewContent",
	"search":              "Search",
	"view_search_results": "Search",
	"add_to_cart":         "AddToCart",
	"add_to_wishlist":     "AddToWishlist",
	"begin_checkout":      "InitiateCheckout",
	"add_payment_info":    "AddPaymentInfo",
	"purchase":            "Purchase",
	"generate_lead":       "Lead",
	"sign_up":             "CompleteRegistration",
	"contact":             "Contact",
	"customize_product":   "CustomizeProduct",
	"donate":              "Donate",
	"find_location":       "FindLocation",
	"schedule":            "Schedule",
	"start_trial":         "StartTrial",
	"submit_application":  "SubmitApplication",
	"subscribe":           "Subscribe",

	"gtm4wp.addProductToCartEEC": "AddToCart",
	"gtm4wp.productClickEEC":     "ViewContent",
	"gtm4wp.changeDetailViewEEC": "ViewContent",
	"gtm4wp.checkoutOptionEEC":   "InitiateCheckout",
	"gtm4wp.checkoutStepEEC":     "AddPaymentInfo",
	"gtm4wp.orderCompletedEEC":   "Purchase",

	"view_item_list": "",
	"refund":         "",

	"session_start":    "",
	"first_visit":      "",
	"user_engagement":  "",
	"scroll":           "",
	"click":            "",
	"file_download":    "",
	"form_start":       "",
	"form_submit":      "",
	"video_start":      "",
	"video_progress":   "",
	"video_complete":   "",
	"screen_view":      "",
	"first_open":       "",
	"app_clear_data":   "",
	"app_exception":    "",
	"app_remove":       "",
	"app_update":       "",
	"os_update":        "",
	"ad_click":         "",
	"ad_exposure":      "",
	"ad_impression":    "",
	"ad_query":         "",
	"gtm.js":           "",
	"gtm.load":         "",
	"gtm.init":         "",
	"gtm.init_consent": "",
	"gtm.click":        "",
	"gtm.linkClick":    "",
	"gtm.scrollDepth":  "",
	"gtm.timer":        "",
}, mapping.StandardNames...)
