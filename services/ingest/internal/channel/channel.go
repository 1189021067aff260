// Package channel is the formats that senders post: one file per format, behind one small interface. Package httpapi
// walks a request through it (claim → split → identify → answer) and package accept stores what comes out. To add a
// format, write its file and put it in All. It refuses to judge what an item means: that is the normalizer's.
package channel

import (
	"net/http"
	"net/netip"
	"slices"
	"time"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/mapfile"
)

// Format is one way of posting events.
type Format interface {
	// Name is the format's name in the configuration.
	Name() string
	// Routes are where its senders expect it, beside /v1/sources/{source}.
	Routes() []Route
	// Answer is how it answers at /v1/sources/{source}.
	Answer() Answer
	// Claim reads from the head of a request who it says it is.
	Claim(r *http.Request) Claim
	// BodyClaims says whether only the body completes a claim: then it is read and split before the source is known.
	BodyClaims(c Claim) bool
	// Split reads the body into items. It may complete b.Claim.
	Split(in *Input, b *Batch) *Refusal
	// Identify finds an item's id, time and person, and says whether the item is plainly hopeless.
	Identify(in *Input, item []byte, id *Ident) fault.Reason
}

// Granter is a format for which it matters how the sender proved itself.
type Granter interface {
	// Granted is called once the source is known; server: by a right secret.
	Granted(b *Batch, server bool)
}

// Greeter is a format whose senders also send what brings no events: a verification, a handshake, a ping.
type Greeter interface {
	// Greet answers such a request among the sources it may be meant for; false: it brings events. Its body has been read.
	Greet(in *Input, to Candidates, reply *Reply) bool
}

// Route is one place where a format is posted to.
type Route struct {
	Methods []string
	Pattern string // chi's; {channel} narrows the candidates
	Answer  Answer
}

// All is the formats of this build.
func All() []Format {
	return []Format{
		CAPI{},
		OpenBridge{},
		Pixel{},
		GA4MP{},
		Gtag{},
		Stape{},
		POS{},
		Square{},
		Collect{},
		NewCSV(),
		NewXLSX(),
		NDJSON{},
		LeadGen{},
		HubSpot{},
		Salesforce{},
		Stages{},
		Segment{},
		MParticle{},
		AppsFlyer{},
		Adjust{},
		Branch{},
		WhatsApp{},
		Shopify{},
		CloudEvents{},
		JSON{},
		Stripe{},
		WooCommerce{},
	}
}

// Input is a request whose body has been read.
type Input struct {
	Request *http.Request
	Body    []byte // decompressed
	Limits  Limits
	Answer  Answer
	Now     time.Time        // of arrival
	Mapping *mapfile.Mapping // of its source; nil: it has none, or a body that completes the claim is being split
	Server  bool             // its sender presented a right secret; set with Mapping
	Client  netip.Addr       // who made the request; invalid: not known

	naming
}

// Reset makes an Input ready for the next request and keeps its room.
func (in *Input) Reset() {
	in.reset()
	*in = Input{naming: in.naming}
}

// Limits bound one request.
type Limits struct {
	MaxBody  int // bytes, decompressed
	MaxEvent int // bytes of an item, where we answer by index
}

// The limits that no configuration changes. An item beyond maxStored does not fit into a record with its envelope: a
// sender whose answer has no place for rejections gets the whole request refused. What a request says for all its items
// is stored with each, so it is bounded tightly.
const (
	maxStored  = 900 << 10
	maxContext = 4 << 10
	maxEventID = 256
	maxItems   = 10_000
	graphMax   = 1000 // what Meta takes in a request
)

// Batch is what a request turned out to hold. Its slices point into the body or Scratch.
type Batch struct {
	Claim    Claim
	Items    []Item
	Rejected []Rejection
	Context  []byte // JSON object; nil: nothing is said for all items
	SentAt   []byte
	Scratch  []byte    // text that had escapes
	Ignored  int       // items that make no event
	Image    bool      // the sender shows the answer as an image
	At       time.Time // of arrival, for answers that say it
}

// Reset empties the batch and keeps its room.
func (b *Batch) Reset() {
	clear(b.Items)
	clear(b.Rejected)
	*b = Batch{Items: b.Items[:0], Rejected: b.Rejected[:0], Context: b.Context[:0], Scratch: b.Scratch[:0]}
}

// Item is one future event. Identify and Name fill ID and Key.
type Item struct {
	Index int    // in the request
	Row   int    // in the file; 0: not from one
	Value []byte // JSON
	ID    []byte
	Key   []byte
}

// add appends an item without its credentials, up to the limit.
func (b *Batch) add(in *Input, row int, value []byte) *Refusal {
	index := len(b.Items) + len(b.Rejected) + b.Ignored
	if index >= maxItems {
		return tooMany()
	}
	b.Items = append(b.Items, Item{Index: index, Row: row, Value: b.withoutCredentials(value)})
	return nil
}

// Rejection is an item that is not stored, by index.
type Rejection struct {
	Index  int
	Row    int
	Field  string
	Reason fault.Reason
	Detail string // closed text; never a value
}

// reject takes the next index for an item that cannot be stored.
func (b *Batch) reject(row int, field string, reason fault.Reason, detail string) *Refusal {
	index := len(b.Items) + len(b.Rejected) + b.Ignored
	if index >= maxItems {
		return tooMany()
	}
	b.Rejected = append(b.Rejected, Rejection{Index: index, Row: row, Field: field, Reason: reason, Detail: detail})
	return nil
}

func tooMany() *Refusal {
	return &Refusal{Kind: TooLarge, Detail: "more than 10000 events in one request"}
}

// Name fixes the id and key of every item: once, here. Items that are plainly hopeless are rejected where the answer has
// a place for that, else stored like the others. The arrival minute stands in for an item's missing time.
func Name(f Format, in *Input, b *Batch, source string, arrival time.Time) *Refusal {
	kept := b.Items[:0]
	for i := range b.Items {
		item := b.Items[i]
		in.ident.reset()
		in.ident.Index = item.Index
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
		in.name(&item, source, arrival)
		kept = append(kept, item)
	}
	clear(b.Items[len(kept):])
	b.Items = kept
	slices.SortStableFunc(b.Rejected, func(x, y Rejection) int { return x.Index - y.Index })
	return nil
}
