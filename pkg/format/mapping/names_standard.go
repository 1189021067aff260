package mapping

import (
	"maps"
	"strings"
)

// StandardNames are Meta's standard events (its Pixel reference lists them). Senders of every format may use them beside
// their own names.
var StandardNames = []string{
	"AddPaymentInfo", "AddToCart", "AddToWishlist", "CompleteRegistration", "Contact", "CustomizeProduct", "Donate",
	"FindLocation", "InitiateCheckout", "Lead", "PageView", "Purchase", "Schedule", "Search", "StartTrial",
	"SubmitApplication", "Subscribe", "ViewContent",
}

// StandardAppNames are those of Meta's app events that no website has.
var StandardAppNames = []string{"AchieveLevel", "CompleteTutorial", "Rate", "SpendCredits", "UnlockAchievement"}

// NamesWith is a sender's table with Meta's names, which stay as they are; the sender's own rows go first.
func NamesWith(own map[string]string, meta ...string) *Names {
	table := make(map[string]string, len(own)+len(meta))
	for _, name := range meta {
		table[name] = name
	}
	return (&Names{Table: table}).with(own)
}

// FoldedWith is namesWith for senders in whose names case does not count; own has them in lower case.
func FoldedWith(own map[string]string, meta ...string) *Names {
	table := make(map[string]string, len(own)+len(meta))
	for _, name := range meta {
		table[strings.ToLower(name)] = name
	}
	return (&Names{Table: table, Fold: true}).with(own)
}

// with is a table with further rows, which go before its own.
func (n *Names) with(rows map[string]string) *Names {
	table := maps.Clone(n.Table)
	maps.Copy(table, rows)
	return &Names{Table: table, Fold: n.Fold}
}
