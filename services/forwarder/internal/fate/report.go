package fate

import (
	"time"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/services/forwarder/internal/batch"
)

// Report is events that ended together: in one POST, or before any.
type Report struct {
	Events    []batch.Event
	Common    event.Ending   // of all events,
	Each      []event.Ending // or of each
	Attempts  int            // POSTs that held the events
	FBTraceID string         // of the last one's answer
	Started   time.Time      // of the last POST
	Ended     time.Time
}

// Ending is how the event at i ended.
func (r *Report) Ending(i int) *event.Ending {
	if r.Each != nil {
		return &r.Each[i]
	}
	return &r.Common
}
