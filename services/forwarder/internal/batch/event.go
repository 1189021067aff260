package batch

import (
	"time"

	"github.com/omnicapi/omnicapi/pkg/stream"
)

// Settler is a consumed chunk of which n records from first on are settled; *stream.Chunk is one. It must be a pointer:
// Settlers are compared.
type Settler interface {
	SettleRun(first, n int)
}

// Event is one signal in the window: its record, what its headers say (they are decoded once), where to settle it, and how
// long it may wait.
type Event struct {
	Record   *stream.Record
	Facts    []byte    // what its outcome says of it, up to its fate
	Channel  string    // that it came by; empty: its source could not be read
	Arrived  time.Time // at ingest
	Chunk    Settler
	Index    int       // of the record in its chunk
	Deadline time.Time // from then on it is dead (expired)
	ApartAt  time.Time // a store row travels without others from then on; zero: any other event
}

// Expired says whether the event's deadline has passed.
func (e *Event) Expired(now time.Time) bool { return !now.Before(e.Deadline) }

// Apart says whether the event is a store row so old that Meta would refuse a whole batch for any other event of its age.
func (e *Event) Apart(now time.Time) bool { return !e.ApartAt.IsZero() && !now.Before(e.ApartAt) }
