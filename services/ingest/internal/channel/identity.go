package channel

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"time"
)

// Ident is what names an item. Its slices point into the item or the input's scratch.
type Ident struct {
	EventID []byte // the sender's own; nil: none that can be used
	Natural []byte // the key that stays the same when the sender repeats it: order id and name; nil: the item's bytes
	HasTime bool
	Person  []byte // who it is about, as that channel knows them; nil: not said
	Field   string // what is wrong with a hopeless item
	Index   int    // in the request; set before Identify
}

func (id *Ident) reset() { *id = Ident{} }

// naming is the scratch of naming items; it lives in an Input and is reused.
type naming struct {
	ident Ident
	text  []byte // unescaped texts of the current item
	names []byte // ids and keys of all items
	hash  []byte // what is hashed
	pairs []pair // of a query or form

	subject []byte // whom the request names for all its items
	moment  []byte // when it says they were, raw

	asked struct{ id, order, client, user []byte } // what a query says of its body's one event
}

func (n *naming) reset() {
	n.ident.reset()
	n.text, n.names, n.hash, n.subject, n.moment = n.text[:0], n.names[:0], n.hash[:0], nil, nil
	n.asked = struct{ id, order, client, user []byte }{}
	clear(n.pairs)
	n.pairs = n.pairs[:0]
}

// hexSize is the length of an id or key of ours: half a SHA-256.
const hexSize = 32

// name fixes an item's id and key. The id is the sender's own, byte for byte, since a pixel may share it; else the hash
// of the source and of what identifies the item there, so that a repeat gets the same one. The key is the hash of the
// person, so that one person's events stay in order, else the id.
func (n *naming) name(item *Item, source string, arrival time.Time) {
	id := &n.ident
	switch {
	case id.EventID != nil:
		item.ID = n.keep(id.EventID)
	case id.Natural != nil:
		item.ID = n.digest(source, "natural", id.Natural, -1)
	case id.HasTime:
		item.ID = n.digest(source, "item", item.Value, -1)
	default:
		item.ID = n.digest(source, "item", item.Value, arrival.Unix()/60)
	}
	item.Key = item.ID
	if id.Person != nil {
		item.Key = n.digest("", "person", id.Person, -1)
	}
	n.text = n.text[:0]
}

// keep copies a text behind the other names.
func (n *naming) keep(text []byte) []byte {
	start := len(n.names)
	n.names = append(n.names, text...)
	return n.names[start:len(n.names):len(n.names)]
}

// digest is 32 hex digits of SHA-256 over source, what and text; minute < 0 is left out. The parts are divided by zero
// bytes, which no source name holds.
func (n *naming) digest(source, what string, text []byte, minute int64) []byte {
	h := append(n.hash[:0], source...)
	h = append(h, 0)
	h = append(h, what...)
	h = append(h, 0)
	h = append(h, text...)
	if minute >= 0 {
		h = append(h, 0)
		h = strconv.AppendInt(h, minute, 10)
	}
	n.hash = h
	sum := sha256.Sum256(h)
	start := len(n.names)
	n.names = hex.AppendEncode(n.names, sum[:hexSize/2])
	return n.names[start:len(n.names):len(n.names)]
}

// usableID says whether a sender's id can be the event_id: Meta and the pixel compare it byte for byte.
func usableID(id []byte) bool {
	return len(id) <= maxEventID && len(bytes.TrimSpace(id)) > 0
}
