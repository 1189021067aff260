package batch

import (
	"time"

	"github.com/omnicapi/omnicapi/pkg/stream"
)

// Settler is a consumed chunk; *stream.Chunk is one. It must be a pointer: Settlers are compared.
type Settler interface {
	// SettleRun settles n records of the chunk, those from first on.
	SettleRun(first, n int)
}

// Event is one signal on its way to Meta: its record, what its headers say (they are decoded once), where to settle it, and
// how long it may wait.
type Event struct {
	Record   *stream.Record
	Facts    []byte // what its outcome says of it but for its fate, as event.FactWriter writes it
	Channel  string // by which it came in; empty: its source could not be read
	Arrived  Moment // when, at ingest
	Chunk    Settler
	Index    int    // of the record in its chunk
	Number   uint32 // of the record in its partition's filter of duplicates
	Unproven bool   // its sender proved nothing
	Deadline Moment // from then on it is dead (expired)
	// OldStoreRowAt is when a store row becomes too old to share a batch with other events; 0: it is no store row.
	OldStoreRowAt Moment
}

// Expired says whether the event's deadline has passed.
func (e *Event) Expired(now time.Time) bool { return e.Deadline <= At(now) }

// OldStoreRow says whether the event is a store row so old that Meta would refuse a whole batch for any other event of its age.
func (e *Event) OldStoreRow(now time.Time) bool {
	return e.OldStoreRowAt != 0 && e.OldStoreRowAt <= At(now)
}

// Moment is a time after 1970 in Unix milliseconds. Events are many, and a time.Time takes three times as much memory.
type Moment int64

// last is the last moment that a time.Time can hold too.
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
