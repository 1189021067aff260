package mapping

import (
	"bytes"
	"maps"
	"strings"
	"unicode/utf8"
)

// Names is a format's table of event names as data: the sender's to Meta's, "" for those that are dropped. The zero value
// is the table of senders who use Meta's names already.
type Names struct {
	Table map[string]string // keys lower-case if Fold
	Fold  bool              // case does not count
}

// Of returns Meta's name for a sender's; known: the table has it; drop: it says to drop the event.
func (n *Names) Of(name []byte) (meta string, known, drop bool) {
	if n == nil || n.Table == nil {
		return "", false, false
	}
	if n.Fold {
		var room [MaxName]byte
		if len(name) <= len(room) {
			meta, known = n.Table[string(AppendLower(room[:0], name))]
		} else {
			meta, known = n.Table[string(bytes.ToLower(name))]
		}
	} else {
		meta, known = n.Table[string(name)]
	}
	return meta, known, known && meta == ""
}

// NamesWith is a sender's table with Meta's names, which stay as they are; the sender's own rows go first.
func NamesWith(own map[string]string, meta ...string) *Names {
	table := make(map[string]string, len(own)+len(meta))
	for _, name := range meta {
		table[name] = name
	}
	return (&Names{Table: table}).with(own)
}

// FoldedWith is NamesWith for senders in whose names case does not count; own has them in lower case.
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

// StandardNames are Meta's standard events (its Pixel reference lists them). Senders of every format may use them beside
// their own names.
var StandardNames = []string{
	"AddPaymentInfo", "AddToCart", "AddToWishlist", "CompleteRegistration", "Contact", "CustomizeProduct", "Donate",
	"FindLocation", "InitiateCheckout", "Lead", "PageView", "Purchase", "Schedule", "Search", "StartTrial",
	"SubmitApplication", "Subscribe", "ViewContent",
}

// MaxName is how long Meta lets a custom event's name be, in characters.
const MaxName = 50

// CutName cuts a name to MaxName characters.
func CutName(name []byte) []byte {
	if utf8.RuneCount(name) <= MaxName {
		return name
	}
	end := 0
	for range MaxName {
		_, size := utf8.DecodeRune(name[end:])
		end += size
	}
	return name[:end]
}
