package lane

import (
	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/services/forwarder/internal/fate"
)

var expired = event.Ending{Fate: fault.Dead, Reason: fault.Expired}

// settlement is events that ended, whose fates are being written.
type settlement struct {
	fate.Report
	root *root // that the events are of; nil: they were in no batch
}

// finish ends all events of a posted part alike.
func (w *window) finish(r *posted, e event.Ending) {
	w.write(&settlement{root: r.part.root, Report: fate.Report{
		Events: r.part.Events, Common: e, Attempts: r.part.attempts,
		FBTraceID: r.answer.FBTraceID, Started: r.started, Ended: r.ended,
	}})
}

// write puts the fates of a job on Kafka in a goroutine of its own and settles its records after that.
func (w *window) write(s *settlement) {
	w.settling++
	go func() {
		w.fates.Write(w.drain, &s.Report)
		w.settled <- s
	}()
}

// settle frees the places of a job's events.
func (w *window) settle(s *settlement) {
	w.settling--
	if s.root == nil {
		w.endings--
		w.writeEnded()
		return
	}
	if s.root.left -= len(s.Events); s.root.left == 0 {
		w.roots--
		w.batcher.Recycle(s.root.batch)
		s.root.batch = nil
	}
}
