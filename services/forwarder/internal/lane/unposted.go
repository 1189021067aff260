package lane

import (
	"bytes"
	"time"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/services/forwarder/internal/batch"
)

// The fates of events that end without a POST are written maxUnposted at a time, in at most maxUnpostedWrites writes at once.
const (
	maxUnposted       = 1000
	maxUnpostedWrites = 2
)

// unposted gathers events that ended without a POST, so that their fates are written together.
type unposted struct {
	settler  *settler
	gathered *settlement // nil: none
	writes   int         // being written
}

// add adds an event. Its facts are copied, since the group that it came with is soon overwritten.
func (u *unposted) add(e *batch.Event, ending event.Ending, now time.Time) {
	if u.gathered == nil {
		u.gathered = &settlement{}
		u.gathered.Started = now
	}
	g := u.gathered
	g.Events = append(g.Events, *e)
	g.Events[len(g.Events)-1].Facts = bytes.Clone(e.Facts)
	g.Each = append(g.Each, ending)
}

// full says whether no further event may be added before a write has come back.
func (u *unposted) full() bool {
	if u.gathered == nil || len(u.gathered.Events) < maxUnposted {
		return false
	}
	u.write()
	return u.gathered != nil
}

// write has the gathered events written, unless enough writes are running.
func (u *unposted) write() {
	if u.gathered == nil || u.writes >= maxUnpostedWrites {
		return
	}
	g := u.gathered
	u.gathered = nil
	g.Ended = time.Now()
	u.writes++
	u.settler.settle(g)
}

// written notes that a write has come back, and begins the next.
func (u *unposted) written() {
	u.writes--
	u.write()
}
