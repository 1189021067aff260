package stripe

import (
	"github.com/omnicapi/omnicapi/pkg/format/mapping"
)

// names is Stripe's types. A session that starts a subscription is looked up as checkout.session.completed:subscription
// first, so that a source's events can make it a Subscribe, an invoice with its reason (invoice.paid:subscription_create); a
// subscription with a trial is a StartTrial. Renewals are events only where a source's events say so.
var names = &mapping.Names{Table: map[string]string{
	"checkout.session.completed":               "Purchase",
	"checkout.session.async_payment_succeeded": "Purchase",
	"customer.subscription.created":            "StartTrial",

	"checkout.session.async_payment_failed": "",
	"checkout.session.expired":              "",
	"invoice.paid":                          "",
	"invoice.payment_succeeded":             "",
	"payment_intent.succeeded":              "",
	"charge.succeeded":                      "",
	"charge.refunded":                       "",
}}

// stripeWhole and stripeMilli are the currencies whose amounts Stripe gives in whole units and in thousandths, as its
// documentation lists them; all others are in hundredths, UGX and ISK too, whatever ISO 4217 says of them.
var (
	stripeWhole = []string{
		"bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "vnd", "vuv", "xaf", "xof", "xpf",
	}
	stripeMilli = []string{"bhd", "jod", "kwd", "omr", "tnd"}
)
