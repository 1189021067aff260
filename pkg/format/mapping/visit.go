package mapping

import (
	"slices"

	"github.com/omnicapi/omnicapi/pkg/capi"
	"github.com/omnicapi/omnicapi/pkg/identity"
)

// NoVisit says that the event was no visit to the website: staff, a till, a renewal or another channel made it, and source is
// where (SourceSystem, SourceStore). What the sender has of a page and a browser is theirs and stays out.
func (o *Output) NoVisit(source []byte) {
	e := &o.Event
	e.ActionSource, e.SourceURL, e.ReferrerURL = source, nil, nil
	o.Browser, o.People.GAClient = Browser{}, nil
	e.User.Values = slices.DeleteFunc(e.User.Values, func(v capi.Value) bool {
		switch v.Key {
		case identity.ClientIPAddress, identity.ClientUserAgent, identity.Fbp, identity.Fbc:
			return true
		}
		return false
	})
}

// MadeAt is where an order was made, by a shop's word for what made it (draft_order, rest-api, amazon-us, woocommerce-pos): at a
// till, or by the shop's staff, its subscriptions and other channels. An app's number is another channel. nil: by a visitor
// of the website, or nobody knows. A word that names a way to pay (google_pay, square_digital_wallet) is of a checkout.
func MadeAt(word []byte) []byte {
	var room [32]byte
	if word = Trim(word); len(word) > 0 && Digits(word) == len(word) {
		return SourceSystem
	}
	var found [numMakers]bool
	for len(word) > 0 {
		n := 0
		for n < len(word) && isLetter(word[n]) {
			n++
		}
		if n > 0 && n <= len(room) {
			found[makers[string(AppendLower(room[:0], word[:n]))]] = true
		}
		word = word[min(n+1, len(word)):]
	}
	switch {
	case found[till], found[tillBrand] && !found[payment]:
		return SourceStore
	case found[system], found[channel] && !found[payment]:
		return SourceSystem
	}
	return nil
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

type maker byte

const (
	_ maker = iota // of none of these
	till
	tillBrand // which also takes payments in checkouts
	system
	channel // another one, some of which also take payments in checkouts
	payment
	numMakers
)

// makers are the parts of the words by which shop systems and their extensions name what made an order.
var makers = func() map[string]maker {
	table := map[string]maker{}
	for kind, words := range map[maker][]string{
		till:      {"pos", "wcpos", "openpos", "till", "terminal", "retail", "kiosk"},
		tillBrand: {"square", "zettle", "izettle", "sumup", "vend", "lightspeed", "loyverse"},
		system: {
			"admin", "draft", "staff", "manual", "phone", "backend", "backoffice", "dashboard", "rest", "import", "importer", "csv", "iphone",
			"android", "subscription", "subscriptions", "renewal", "recurring",
		},
		channel: {
			"amazon", "ebay", "etsy", "walmart", "zalando", "otto", "kaufland", "allegro", "bol", "mercadolibre", "rakuten", "shopee", "lazada",
			"temu", "shein", "tiktok", "instagram", "facebook", "meta", "google", "pinterest", "snapchat", "faire", "marketplace", "codisto",
			"channable", "channelengine", "lengow",
		},
		payment: {"pay", "payment", "payments", "wallet", "express"},
	} {
		for _, word := range words {
			table[word] = kind
		}
	}
	return table
}()

// BeginsSubscription says that a subscription begins with this sale. If nothing is paid for it now, it is a free trial: where the
// names make it a purchase or a subscription, it becomes Meta's StartTrial. Call it when the value is known.
func (o *Output) BeginsSubscription() { o.trial = o.IsFree() }

// IsFree says whether the event says that it is worth nothing.
func (o *Output) IsFree() bool {
	for _, c := range o.Event.Custom.Value {
		if c != '0' && c != '.' {
			return false
		}
	}
	return len(o.Event.Custom.Value) > 0
}

// startTrial is Meta's name of a free trial; its Subscribe is the start of a paid subscription.
var startTrial = []byte("StartTrial")

func (o *Output) isTrial(name []byte) bool {
	return o.trial && (string(name) == "Purchase" || string(name) == "Subscribe")
}
