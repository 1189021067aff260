package lane

import (
	"context"
	"time"

	"github.com/omnicapi/omnicapi/services/forwarder/internal/gate"
)

// window is one generation of a lane: all that is read and not settled, and the loop that moves it on. Its parts are called
// by the loop only; what runs beside it, POSTs and writes of fates, reports to it.
type window struct {
	gate       *gate.Gate
	reader     *reader
	queue      *queue
	dispatcher *dispatcher
	answers    *answers
	settler    *settler
}

// run reads as far as there is room, ends what has expired, posts what may be posted and waits for news, until ctx ends.
func (w *window) run(ctx, drain context.Context, in <-chan Chunk) {
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for ctx.Err() == nil {
		now := time.Now()
		w.gate.LookAtCredentials(now)
		w.reader.read(now)
		w.queue.expire(now)
		w.dispatcher.dispatch(drain, now)
		timer.Reset(w.untilNext(now))
		more := in
		if w.reader.busy() {
			more = nil // nobody takes the next chunk, and the fetcher waits
		}
		select {
		case <-ctx.Done():
		case c, ok := <-more:
			if !ok {
				in = nil
				continue
			}
			w.reader.chunk = &c
		case r := <-w.dispatcher.posted:
			w.answer(&r)
		case s := <-w.settler.written:
			w.settle(s)
		case <-timer.C:
		}
	}
}

// finish waits for the POSTs and writes that are running. Nothing new begins but the writing of fates, those of repeats that waited
// for them too, and, until drain ends, the POSTs that isolate what was refused: what lies behind the first event without a fate would
// be posted again by the next owner.
func (w *window) finish(drain context.Context) {
	for {
		w.reader.finish(time.Now())
		w.dispatcher.finish(drain, time.Now())
		if w.dispatcher.running == 0 && w.settler.running == 0 {
			return
		}
		select {
		case r := <-w.dispatcher.posted:
			w.answer(&r)
		case s := <-w.settler.written:
			w.settle(s)
		}
	}
}

func (w *window) answer(r *posted) {
	w.dispatcher.running--
	w.answers.handle(r)
}

// settle makes room: the events of a settlement have left the window.
func (w *window) settle(s *settlement) {
	w.settler.running--
	if s.done {
		w.reader.ended(&s.Report, time.Now())
	}
	if s.root == nil {
		w.reader.unposted.written()
		return
	}
	w.queue.release(s.root, len(s.Events))
}

// untilNext is how long the loop may sleep if nobody reports.
func (w *window) untilNext(now time.Time) time.Duration {
	d := time.Hour
	at := func(t time.Time) {
		if t.After(now) { // what is due already waits for a report, not for time
			d = min(d, t.Sub(now))
		}
	}
	w.queue.times(at)
	w.gate.Times(at)
	w.dispatcher.owner.times(now, at)
	return d
}
