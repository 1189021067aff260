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
	Facts    []byte // what its outcome says of it, up to its fate
	Channel  string // that it came by; empty: its source could not be read
	Arrived  Moment // at ingest
	Chunk    Settler
	Index    int    // of the record in its chunk
	Deadline Moment // from then on it is dead (expired)
	ApartAt  Moment // a store row travels without others from then on; zero: any other event
}

// Expired says whether the event's deadline has passed.
func (e *Event) Expired(now time.Time) bool { return e.Deadline <= At(now) }

// Apart says whether the event is a store row so old that Meta would refuse a whole batch for any other event of its age.
func (e *Event) Apart(now time.Time) bool { return e.ApartAt != 0 && e.ApartAt <= At(now) }

// Moment is a time after 1970 in Unix milliseconds: events are many, and a time.Time has three words and a pointer.
type Moment int64

// last is the last moment that can be told as a time again.
const last = 1 << 58

// At is the moment of t; one out of range is the first or the last.
func At(t time.Time) Moment {
	switch s := t.Unix(); {
	case s < 0:
		return 1
	case s >= last/1000:
		return last
	}
	return Moment(max(1, t.UnixMilli()))
}

// Time is the moment as a time.
func (m Moment) Time() time.Time { return time.UnixMilli(int64(m)) }
