package appevent

import (
	"github.com/omnicapi/omnicapi/pkg/format/mapping"
)

// Names is what apps call their events: AppsFlyer's and Branch's standard names, those of Meta's own app SDK, and
// Meta's. Case does not count. What happens to the app itself (an install, a session, a click on a link) is dropped: the
// measurement partner reports it to Meta already; a source's events table can send it.
var Names = mapping.FoldedWith(map[string]string{
	"install":                  "",
	"reinstall":                "",
	"re-engagement":            "",
	"re-attribution":           "",
	"reattribution":            "",
	"reattribution_reinstall":  "",
	"session":                  "",
	"open":                     "",
	"click":                    "",
	"impression":               "",
	"attribution":              "",
	"cost_update":              "",
	"ad_revenue":               "",
	"sk_install":               "",
	"sk_event":                 "",
	"uninstall":                "",
	"web_session_start":        "",
	"branch_cta_view":          "",
	"sms_sent":                 "",
	"web_to_app_auto_redirect": "",
	"gdpr_forget_device":       "",

	"af_purchase":              "Purchase",
	"af_add_to_cart":           "AddToCart",
	"af_add_to_wishlist":       "AddToWishlist",
	"af_content_view":          "ViewContent",
	"af_list_view":             "ViewContent",
	"af_initiated_checkout":    "InitiateCheckout",
	"af_add_payment_info":      "AddPaymentInfo",
	"af_complete_registration": "CompleteRegistration",
	"af_search":                "Search",
	"af_start_trial":           "StartTrial",
	"af_subscribe":             "Subscribe",
	"af_level_achieved":        "AchieveLevel",
	"af_achievement_unlocked":  "UnlockAchievement",
	"af_tutorial_completion":   "CompleteTutorial",
	"af_spent_credits":         "SpendCredits",
	"af_rate":                  "Rate",

	"add_to_cart":           "AddToCart",
	"add_to_wishlist":       "AddToWishlist",
	"view_item":             "ViewContent",
	"view_items":            "ViewContent",
	"initiate_purchase":     "InitiateCheckout",
	"add_payment_info":      "AddPaymentInfo",
	"complete_registration": "CompleteRegistration",
	"start_trial":           "StartTrial",
	"trial_started":         "StartTrial",
	"trial_start":           "StartTrial",
	"free_trial_started":    "StartTrial",
	"start_free_trial":      "StartTrial",
	"achieve_level":         "AchieveLevel",
	"unlock_achievement":    "UnlockAchievement",
	"complete_tutorial":     "CompleteTutorial",
	"spend_credits":         "SpendCredits",

	"rc_trial_started_event": "StartTrial", // RevenueCat's

	"fb_mobile_purchase":              "Purchase",
	"fb_mobile_add_to_cart":           "AddToCart",
	"fb_mobile_add_to_wishlist":       "AddToWishlist",
	"fb_mobile_content_view":          "ViewContent",
	"fb_mobile_initiated_checkout":    "InitiateCheckout",
	"fb_mobile_add_payment_info":      "AddPaymentInfo",
	"fb_mobile_complete_registration": "CompleteRegistration",
	"fb_mobile_search":                "Search",
	"fb_mobile_level_achieved":        "AchieveLevel",
	"fb_mobile_achievement_unlocked":  "UnlockAchievement",
	"fb_mobile_tutorial_completion":   "CompleteTutorial",
	"fb_mobile_spent_credits":         "SpendCredits",
	"fb_mobile_rate":                  "Rate",
}, append(standardNames, mapping.StandardNames...)...)

// standardNames are those of Meta's app events that no website has.
var standardNames = []string{"AchieveLevel", "CompleteTutorial", "Rate", "SpendCredits", "UnlockAchievement"}
