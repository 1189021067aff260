package receive

import (
	"net/http"
	"net/netip"
	"time"

	"github.com/omnicapi/omnicapi/pkg/mapfile"
)

// Input is a request whose body has been read, and the room in which its items are named.
type Input struct {
	Request    *http.Request
	Body       []byte // decompressed; in Split without a byte order mark, but for tables
	Limits     Limits
	Answer     Answer
	Now        time.Time        // of arrival
	Mapping    *mapfile.Mapping // of its source; nil: it has none, or a body that completes the claim is being split
	Server     bool             // its sender presented a right secret; set with Mapping
	ForeignIDs []string         // beginnings of ids that it may not give: other formats' own; nil: its sender is proven
	Client     netip.Addr       // who made the request; invalid: not known

	// What Split leaves to Identify.
	Pairs   []Pair // of the query or a form
	Subject []byte // whom the request names for all its items
	Moment  []byte // when it says they were, JSON

	Scratch []byte // texts of the item that is being named, and what its keys are made of
	ident   Ident  // of that item
	names   []byte // the ids and keys of all items
	hash    []byte // what is being hashed
}

// Reset makes an Input ready for the next request and keeps its room.
func (in *Input) Reset() {
	clear(in.Pairs[:cap(in.Pairs)])
	*in = Input{Pairs: in.Pairs[:0], Scratch: in.Scratch[:0], names: in.names[:0], hash: in.hash[:0]}
}

// Answer is one sender's way of being answered. TraceID is the request's, 32 hex digits, for answers that show one.
type Answer interface {
	// KeepsHopeless says that the answer has no place for rejections by index: hopeless items are stored and end as dead
	// letters.
	KeepsHopeless() bool
	// Accepted writes the answer to a request whose items are stored, or rejected by index.
	Accepted(reply *Reply, in *Input, b *Batch, traceID string)
	// Refused writes the answer to a request of which nothing is stored. b may be nil.
	Refused(reply *Reply, f *Refusal, b *Batch, traceID string)
}

// Limits bound one request.
type Limits struct {
	MaxBody  int // bytes, decompressed
	MaxEvent int // bytes of an item, where we answer by index
}

// Ident is what names an item. Its slices point into the item or the input's scratch.
type Ident struct {
	EventID []byte // the sender's own; nil: none that can be used
	Natural []byte // what stays the same when the sender repeats the item, such as order id and name; nil: its bytes
	HasTime bool   // the item says when it was; else the minute of arrival tells it from others with the same bytes
	Person  []byte // who it is about, as that channel knows them; nil: not said
	Field   string // what is wrong with a hopeless item
	Index   int    // in the request; set before Identify
}
