package mapping

// cloudEventsNames is Meta's standard names: a type is whatever its sender invented, so that any other is a custom event
// unless the source's events name it.
var cloudEventsNames = &Names{Table: map[string]string{
	"AddPaymentInfo":       "AddPaymentInfo",
	"AddToCart":            "AddToCart",
	"AddToWishlist":        "AddToWishlist",
	"CompleteRegistration": "CompleteRegistration",
	"Contact":              "Contact",
	"CustomizeProduct":     "CustomizeProduct",
	"Donate":               "Donate",
	"FindLocation":         "FindLocation",
	"InitiateCheckout":     "InitiateCheckout",
	"Lead":                 "Lead",
	"PageView":             "PageView",
	"Purchase":             "Purchase",
	"Schedule":             "Schedule",
	"Search":               "Search",
	"StartTrial":           "StartTrial",
	"SubmitApplication":    "SubmitApplication",
	"Subscribe":            "Subscribe",
	"ViewContent":          "ViewContent",
}}
