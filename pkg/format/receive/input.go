package receive

import (
	"net/http"
	"net/netip"
	"time"

	"github.com/omnicapi/omnicapi/pkg/mapfile"
)

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

const maxStored = 900 << 10

const MaxContext = 4 << 10

const MaxEventID = 256

const maxItems = 10_000
