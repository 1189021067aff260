// Package ecommerce is the vocabulary of Segment's e-commerce specification, which other customer data platforms use, too:
// names of events and properties of orders and products.
package ecommerce

import (
	"github.com/omnicapi/omnicapi/pkg/format/mapping"
)

// Names is Segment's and RudderStack's event names (their Meta destinations' tables), with Segment's older names
// and Meta's own. Case does not count: Segment's presets are exact, RudderStack compares lower-case. Names that a shop
// sends beside them and Meta has no use for are dropped; a source's events table can send them.
var Names = mapping.FoldedWith(map[string]string{
	"page":   "PageView",
	"screen": "PageView",

	"order completed":           "Purchase",
	"completed order":           "Purchase",
	"checkout started":          "InitiateCheckout",
	"product added":             "AddToCart",
	"added product":             "AddToCart",
	"product viewed":            "ViewContent",
	"viewed product":            "ViewContent",
	"product list viewed":       "ViewContent",
	"viewed product category":   "ViewContent",
	"products searched":         "Search",
	"payment info entered":      "AddPaymentInfo",
	"product added to wishlist": "AddToWishlist",
	"signed up":                 "CompleteRegistration",
	"trial started":             "StartTrial",
	"started trial":             "StartTrial",
	"start trial":               "StartTrial",
	"free trial started":        "StartTrial",
	"started free trial":        "StartTrial",
	"order refunded":            "",
	"refunded order":            "",
	"order cancelled":           "",
	"cancelled order":           "",
	"order updated":             "",
	"updated order":             "",
	"product removed":           "",
	"removed product":           "",
	"cart viewed":               "",
	"viewed cart":               "",
	"product clicked":           "",
	"clicked product":           "",
	"promotion viewed":          "",
	"viewed promotion":          "",
	"promotion clicked":         "",
	"clicked promotion":         "",
	"coupon entered":            "",
	"coupon applied":            "",
	"coupon denied":             "",
	"coupon removed":            "",
	"checkout step viewed":      "",
	"viewed checkout step":      "",
	"checkout step completed":   "",
	"completed checkout step":   "",
}, mapping.StandardNames...)
