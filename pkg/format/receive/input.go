package receive

import (
	"net/http"
	"net/netip"
	"time"

	"github.com/omnicapi/omnicapi/pkg/mapfile"
)

// Input is a request whose body has been read, and the room in which its items are named.
type Input struct {
	Request *http.Request
	Body    []byte // decompressed
	Limits  Limits
	Answer  Answer
	Now     time.Time        // of arrival
	Mapping *mapfile.Mapping // of its source; nil: it has none, or a body that completes the claim is being split
	Server  bool             // its sender presented a right secret; set with Mapping
	Client  netip.Addr       // who made the request; invalid: not known

	// What Split leaves to Identify.
	Pairs   []Pair // of the query or a form
	Subject []byte // whom the request names for all its items
	Moment  []byte // when it says they were, JSON

	Scratch []byte // texts of the item that is being named, and what its keys are made of
	ident   Ident  // of that item
	ids     ids    // of all items
}

// Reset makes an Input ready for the next request and keeps its room.
func (in *Input) Reset() {
	clear(in.Pairs[:cap(in.Pairs)])
	in.ids.reset()
	*in = Input{Pairs: in.Pairs[:0], Scratch: in.Scratch[:0], ids: in.ids}
}

// Limits bound one request.
type Limits struct {
	MaxBody  int // bytes, decompressed
	MaxEvent int // bytes of an item, where we answer by index
}
