// Package receive is what every receiver of requests shares: a request with its body, the items it is taken apart into, how
// they are named, where nothing proves who sent it and why it is refused, and the shapes of answers. The receivers of the
// formats are built of it; ingest walks a request through them (claim → split → identify → answer). It refuses to know a
// format by name, and to judge what an item means: that is the mappers'.
package receive

import (
	"net/http"

	"github.com/omnicapi/omnicapi/pkg/fault"
)

// Receiver takes the requests of one format apart. What it may implement beside this is below.
type Receiver interface {
	// Split reads the body into items. It may complete b.Claim.
	Split(in *Input, b *Batch) *Refusal
	// Identify finds an item's id, time and person, and says whether the item is plainly hopeless.
	Identify(in *Input, item []byte, id *Ident) fault.Reason
}

// Claimer is a receiver whose senders say who they are in places of their own; for others ReadHead does.
type Claimer interface {
	// Claim reads from the head of a request who it says it is.
	Claim(r *http.Request) Claim
}

// BodyClaimer is a receiver of bodies that may complete a claim: then they are read and split before the source is known.
// Signed bodies always are.
type BodyClaimer interface {
	// BodyClaims says whether only the body completes what the head claims.
	BodyClaims(c Claim) bool
}

// Granter is a receiver for which it matters how the sender proved itself.
type Granter interface {
	// Granted is called once the source is known; server: by a right secret.
	Granted(b *Batch, server bool)
}

// Greeter is a receiver whose senders also send what brings no events: a verification, a handshake, a ping.
type Greeter interface {
	// Greet answers such a request among the sources it may be meant for, nil if there are none; false: it brings events. Its
	// body has been read.
	Greet(in *Input, to Candidates, reply *Reply) bool
}

// Route is one place where a format is posted to.
type Route struct {
	Methods []string
	Pattern string // chi's; {channel} narrows the candidates
	Answer  Answer // nil: the format's
	NoRetry bool   // what is posted there comes once, whatever the format's other routes do
}
