package lane

import (
	"errors"
	"time"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/services/forwarder/internal/batch"
)

// Writing a fate is tried again after this long, doubling, until the drain ends.
const (
	writeAgainFirst = 100 * time.Millisecond
	writeAgainMost  = 5 * time.Second
)

// verdict is how an event ended.
type verdict struct {
	fate   fault.Fate
	reason fault.Reason
	detail string
}

var expired = verdict{fate: fault.Dead, reason: fault.Expired}

// job is fates on their way to Kafka.
type job struct {
	root     *root // the place in the window that its events hold; nil: they never had one
	events   []batch.Event
	common   verdict   // of all events,
	each     []verdict // or of each
	attempts int
	traceID  string
	started  time.Time
	ended    time.Time
	pen      *pen // what its fates are written with
	written  bool
}

func (j *job) verdict(i int) *verdict {
	if j.each != nil {
		return &j.each[i]
	}
	return &j.common
}

// finish ends all events of a posted part alike.
func (w *window) finish(r *posted, v verdict) {
	w.write(&job{
		root: r.part.root, events: r.part.Events, common: v, attempts: r.part.attempts,
		traceID: r.answer.FBTraceID, started: r.started, ended: r.ended,
	})
}

// write puts the fates of a job on Kafka in a goroutine of its own and settles its records after that.
func (w *window) write(j *job) {
	w.settling++
	j.pen = w.takePen()
	go func() {
		if w.publish(j) {
			settleRuns(j.events)
			w.count(j)
			j.written = true
		}
		w.settled <- j
	}()
}

// settle frees the places of a job's events.
func (w *window) settle(j *job) {
	w.settling--
	w.putPen(j.pen)
	if j.written {
		w.mourn(j)
	}
	if j.root == nil {
		w.endings--
		w.writeEnded()
		return
	}
	if j.root.left -= len(j.events); j.root.left == 0 {
		w.roots--
		w.batcher.Recycle(j.root.batch)
		j.root.batch = nil
	}
}

// settleRuns settles the records of events, those that stand side by side in their chunk at once.
func settleRuns(events []batch.Event) {
	for i := 0; i < len(events); {
		first, n := &events[i], 1
		for i+n < len(events) && events[i+n].Index == first.Index+n && events[i+n].Chunk == first.Chunk {
			n++
		}
		first.Chunk.SettleRun(first.Index, n)
		i += n
	}
}

// publish tries until a job's fates are on Kafka with acks=all, or the drain ends. While it fails the lane stands still and
// is not ready: a fate that cannot be written must not be passed by.
func (w *window) publish(j *job) bool {
	recs := w.records(j)
	wait := writeAgainFirst
	failing := false
	defer func() {
		if failing {
			w.failing.Add(-1)
		}
	}()
	for {
		err := w.fates.Publish(w.drain, recs...)
		if err == nil {
			if failing {
				w.log.Info("fates are written again")
			}
			return true
		}
		if w.drain.Err() != nil {
			return false
		}
		if !failing && !errors.Is(err, stream.ErrFull) { // full is only a reason to wait
			failing = true
			if w.failing.Add(1) == 1 {
				w.log.Error("lane stands still: writing fates failed", "err", err)
			}
		}
		t := time.NewTimer(wait)
		select {
		case <-w.drain.Done():
			t.Stop()
			return false
		case <-t.C:
		}
		wait = min(2*wait, writeAgainMost)
	}
}
