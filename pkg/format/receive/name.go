package receive

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"time"

	"github.com/omnicapi/omnicapi/pkg/fault"
)

// Name fixes the id and key of every item: once, here. Items that are plainly hopeless are rejected where the answer has
// a place for that, else stored like the others. The arrival minute stands in for an item's missing time.
func Name(f Receiver, in *Input, b *Batch, source string, arrival time.Time) *Refusal {
	kept := b.Items[:0]
	for i := range b.Items {
		item := b.Items[i]
		in.ident = Ident{Index: item.Index}
		reason := f.Identify(in, item.Value, &in.ident)
		limit := maxStored
		if !in.Answer.KeepsHopeless() {
			limit = min(limit, in.Limits.MaxEvent)
		}
		if len(item.Value) > limit {
			if in.Answer.KeepsHopeless() {
				return &Refusal{Kind: TooLarge, Detail: "an event is too large to be stored"}
			}
			reason, in.ident.Field = fault.Oversize, ""
		}
		if reason != fault.None && !in.Answer.KeepsHopeless() {
			b.Rejected = append(b.Rejected, Rejection{Index: item.Index, Row: item.Row, Field: in.ident.Field, Reason: reason})
			continue
		}
		if in.isForeign(in.ident.EventID) {
			in.ident.EventID = nil
			b.Foreign++
		}
		in.name(&item, source, arrival)
		kept = append(kept, item)
	}
	clear(b.Items[len(kept):])
	b.Items = kept
	slices.SortStableFunc(b.Rejected, func(x, y Rejection) int { return x.Index - y.Index })
	return nil
}

// maxStored is the largest item that Kafka takes with what is stored beside it, in bytes.
const maxStored = 900 << 10

// name fixes an item's id and key. The id is the sender's own, byte for byte, since a pixel may share it; else the hash
// of the source and of what identifies the item there, so that a repeat gets the same one. The key is the hash of the
// person, so that one person's events stay in order, else the id.
func (in *Input) name(item *Item, source string, arrival time.Time) {
	id := &in.ident
	switch {
	case id.EventID != nil:
		item.ID = in.keep(id.EventID)
	case id.Natural != nil:
		item.ID = in.digest(source, "natural", id.Natural, -1)
	case id.HasTime:
		item.ID = in.digest(source, "item", item.Value, -1)
	default:
		item.ID = in.digest(source, "item", item.Value, arrival.Unix()/60)
	}
	item.Key = item.ID
	if id.Person != nil {
		item.Key = in.digest("", "person", id.Person, -1)
	}
	in.Scratch = in.Scratch[:0]
}

// isForeign says whether an id looks like one that another format makes: whoever only guesses it must not have it, for Meta keeps
// the first of two events of one name and id.
func (in *Input) isForeign(id []byte) bool {
	for _, beginning := range in.ForeignIDs {
		if len(id) > len(beginning) && string(id[:len(beginning)]) == beginning {
			return true
		}
	}
	return false
}

// keep copies a text behind the other ids.
func (in *Input) keep(text []byte) []byte {
	start := len(in.names)
	in.names = append(in.names, text...)
	return in.names[start:len(in.names):len(in.names)]
}

// digest is 32 hex digits of SHA-256 over source, what and text; minute < 0 is left out. The parts are divided by zero
// bytes, which no source name holds.
func (in *Input) digest(source, what string, text []byte, minute int64) []byte {
	h := append(in.hash[:0], source...)
	h = append(h, 0)
	h = append(h, what...)
	h = append(h, 0)
	h = append(h, text...)
	if minute >= 0 {
		h = append(h, 0)
		h = strconv.AppendInt(h, minute, 10)
	}
	in.hash = h
	sum := sha256.Sum256(h)
	start := len(in.names)
	in.names = hex.AppendEncode(in.names, sum[:HexSize/2])
	return in.names[start:len(in.names):len(in.names)]
}
