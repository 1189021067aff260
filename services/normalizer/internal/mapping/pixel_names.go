package mapping

// pixelNames is what the Meta Pixel calls its events: Meta's standard names (its reference lists them) and the automatic
// ones, which are dropped.
var pixelNames = &Names{Table: map[string]string{
	"Microdata":             "",
	"SubscribedButtonClick": "",
	"InputData":             "",

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
