package receive

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"time"

	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// FirstOf is the first text that is not empty, nil if there is none.
func FirstOf(texts ...[]byte) []byte {
	for _, t := range texts {
		if len(t) > 0 {
			return t
		}
	}
	return nil
}

// DigestOf is a prefix and 32 hex digits of SHA-256 over parts with bars between them.
func (n *naming) DigestOf(prefix string, parts [][]byte) []byte {
	n.hash = n.hash[:0]
	for i, p := range parts {
		if i > 0 {
			n.hash = append(n.hash, '|')
		}
		n.hash = append(n.hash, p...)
	}
	sum := sha256.Sum256(n.hash)
	start := len(n.Scratch)
	n.Scratch = hex.AppendEncode(append(n.Scratch, prefix...), sum[:HexSize/2])
	return n.Scratch[start:len(n.Scratch):len(n.Scratch)]
}

// Usable is a value's text if it can be an event_id.
func (n *naming) Usable(value []byte) []byte {
	if text := jsonscan.Text(value, &n.Scratch); UsableID(text) {
		return text
	}
	return nil
}

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

// EventNames is what names an event, as texts.
type EventNames struct{ ID, Order, Client, User []byte }

// naming is the scratch of naming items; it lives in an Input and is reused.
type naming struct {
	ident   Ident
	Scratch []byte // unescaped texts of the current item
	names   []byte // ids and keys of all items
	hash    []byte // what is hashed
	Pairs   []Pair // of a query or form

	Subject []byte // whom the request names for all its items
	Moment  []byte // when it says they were, raw

	Beside EventNames // what a query says of its body's one event
}

func (n *naming) reset() {
	n.ident.reset()
	n.Scratch, n.names, n.hash, n.Subject, n.Moment = n.Scratch[:0], n.names[:0], n.hash[:0], nil, nil
	n.Beside = EventNames{}
	clear(n.Pairs)
	n.Pairs = n.Pairs[:0]
}

// HexSize is the length of an id or key of ours: half a SHA-256.
const HexSize = 32

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
	n.Scratch = n.Scratch[:0]
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
	n.names = hex.AppendEncode(n.names, sum[:HexSize/2])
	return n.names[start:len(n.names):len(n.names)]
}

// UsableID says whether a sender's id can be the event_id: Meta and the pixel compare it byte for byte.
func UsableID(id []byte) bool {
	return len(id) <= MaxEventID && len(bytes.TrimSpace(id)) > 0
}

// Visit is a key of a visitor's item: address, agent and fields, with the minute of arrival where these have no time.
func (in *Input) Visit(item []byte, minute bool) []byte {
	start := len(in.Scratch)
	d := in.Scratch
	if in.Client.IsValid() {
		d = in.Client.AppendTo(d)
	}
	d = append(append(append(d, 0), in.Request.UserAgent()...), 0)
	d = append(d, item...)
	if minute {
		d = strconv.AppendInt(append(d, 0), in.Now.Unix()/60, 10)
	}
	in.Scratch = d
	return d[start:len(d):len(d)]
}

// Joined makes an event_id of a prefix and the sender's own keys, joined by dashes.
func (n *naming) Joined(prefix string, keys ...[]byte) []byte {
	start := len(n.Scratch)
	n.Scratch = append(n.Scratch, prefix...)
	for i, key := range keys {
		if i > 0 {
			n.Scratch = append(n.Scratch, '-')
		}
		n.Scratch = append(n.Scratch, key...)
	}
	return n.Scratch[start:len(n.Scratch):len(n.Scratch)]
}

// Template makes an event_id of a format's prefix and the sender's own key, which is unique beyond one source.
func (n *naming) Template(prefix string, key []byte) []byte {
	start := len(n.Scratch)
	n.Scratch = append(append(n.Scratch, prefix...), key...)
	return n.Scratch[start:len(n.Scratch):len(n.Scratch)]
}

// Usable is an id that can be the event's, else nil.
func Usable(id []byte) []byte {
	if !UsableID(id) {
		return nil
	}
	return id
}

// OrNil is a text, nil if it is empty.
func OrNil(text []byte) []byte {
	if len(text) == 0 {
		return nil
	}
	return text
}
