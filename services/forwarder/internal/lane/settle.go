package lane

import (
	"context"
	"time"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/suppression"
	"github.com/omnicapi/omnicapi/services/forwarder/internal/batch"
	"github.com/omnicapi/omnicapi/services/forwarder/internal/fate"
)

var expired = event.Ending{Fate: fault.Dead, Reason: fault.Expired}

// settlement is events that ended, on the way of their fates to Kafka.
type settlement struct {
	fate.Report
	root *root // whose events they are; nil: they were in no batch
	done bool  // the fates are on Kafka
}

// settler has fates written, each report in a goroutine of its own that reports to the loop.
type settler struct {
	drain   context.Context //nolint:containedctx // a settler is one generation's: it lives as long as its drain
	fates   *fate.Writer
	running int // writes
	written chan *settlement

	suppressed *suppression.List
}

func newSettler(drain context.Context, fates *fate.Writer, suppressed *suppression.List) *settler {
	return &settler{drain: drain, fates: fates, written: make(chan *settlement), suppressed: suppressed}
}

// failing says whether fates cannot be written: then nothing may be read or posted.
func (s *settler) failing() bool { return s.fates.Failing() }

// settle writes the fates of events and settles their records after that. It reports when that is done, or when the drain
// has ended and nothing is settled.
func (s *settler) settle(of *settlement) {
	s.running++
	go func() {
		of.done = s.fates.Write(s.drain, &of.Report)
		s.written <- of
	}()
}

// expire takes the events out of a part whose deadline has passed: they are dead, but for those of suppressed persons, of whom no letter
// is to be kept.
func (s *settler) expire(p *part, now time.Time) {
	if batch.At(now) >= p.deadline {
		s.suppress(p, now)
	}
	if dead := p.cutExpired(now); len(dead) > 0 {
		s.settle(&settlement{root: p.root, Report: fate.Report{
			Events: dead, Common: expired, Attempts: p.attempts, Started: now, Ended: now,
		}})
	}
}

// suppress takes the events out of a part whose person is on the list by now: they are dropped.
func (s *settler) suppress(p *part, now time.Time) {
	if dropped, endings := p.cutSuppressed(s.suppressed); len(dropped) > 0 {
		s.settle(&settlement{root: p.root, Report: fate.Report{
			Events: dropped, Each: endings, Attempts: p.attempts, Started: now, Ended: now,
		}})
	}
}
