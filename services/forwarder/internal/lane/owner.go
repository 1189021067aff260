package lane

import (
	"log/slog"
	"time"
)

// lookAgain is when a lane that waits for a heartbeat looks whether one has been answered.
const lookAgain = 250 * time.Millisecond

// owner knows whether the partitions are still this process's. One that was stopped for longer than a session (SIGSTOP, a
// paused machine) still holds what another has read again by then: posted, every event of it would be sent twice.
type owner struct {
	alive  func() bool
	log    *slog.Logger
	unsure bool
}

// sure says whether a POST may begin: the group's last heartbeat is younger than its session.
func (o *owner) sure() bool {
	alive := o.alive()
	if !alive && !o.unsure {
		o.log.Warn("lane waits: its last heartbeat is older than a session, so another may own its partitions")
	}
	if alive && o.unsure {
		o.log.Info("lane goes on: it still owns its partitions")
	}
	o.unsure = !alive
	return alive
}

// times calls each with the time at which to look again, if that is to be.
func (o *owner) times(now time.Time, each func(time.Time)) {
	if o.unsure {
		each(now.Add(lookAgain))
	}
}
