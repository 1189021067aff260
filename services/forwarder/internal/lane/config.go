package lane

import (
	"time"

	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/pkg/suppression"
	"github.com/omnicapi/omnicapi/services/forwarder/internal/batch"
)

// Config is one dataset's part of the configuration.
type Config struct {
	Dataset       string // its name in the configuration, which is no secret; Meta's id of it is the poster's
	Limits        batch.Limits
	InFlight      int           // POSTs at a time
	Dedup         int           // how many records of a partition are looked back over for duplicates; 0: none
	Deadline      time.Duration // from arrival at ingest; an event that is not delivered by then is dead
	TestEventCode string
	Outcomes      string // topic
	DeadLetters   string // topic
	// Credentials returns a number that changes when the token (or app secret) does; nil: it never does. It may look at files.
	Credentials func() uint64
	Suppressed  *suppression.List // persons whose events are dropped; nil: none
}

// Chunk is what one fetch of one partition brought, in offset order.
type Chunk struct {
	Partition int
	Records   []stream.Record
	History   bool          // the records are before the committed offset: read again only to find duplicates of them
	Settler   batch.Settler // *stream.Chunk
}
