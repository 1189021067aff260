package httpapi

import (
	"context"
	"net/http"
	"time"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/format"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/services/ingest/internal/accept"
	"github.com/omnicapi/omnicapi/services/ingest/internal/network"
	"github.com/omnicapi/omnicapi/services/ingest/internal/source"
)

// target is what a request is addressed to: a route of a format, or one source.
type target struct {
	route      string // its label in the metrics
	format     *format.Format
	answer     receive.Answer
	candidates source.Candidates
	name       string // the source that the path names; "": it names none
	once       bool   // what is posted there is not repeated, whatever it is answered
}

// exchange is one request and its answer. Its buffers are reused for the next request.
type exchange struct {
	target
	api     *API
	writer  http.ResponseWriter
	in      receive.Input
	batch   receive.Batch
	facts   accept.Facts
	work    accept.Work
	reply   receive.Reply
	packed  buffer // the body as it came, of a sender who is not proven
	body    buffer
	share   share // of all bodies' room
	sent    int   // bytes of the request as they came, compressed
	traceID string

	network  network.Network // the client's
	exempt   bool            // no limit of a network is for it
	source   *source.Source  // nil: not found yet
	wait     time.Duration   // for Retry-After
	repeated bool            // it was taken before, and is not stored again
	greeting bool            // the request brought no events: the format has answered it
	unstored bool            // Kafka did not take the events; the producer may still read the buffers
	answered bool            // false in the end: a panic passed, whose function may still hold the buffers
}

// keepRoom is the largest body and values that a pooled exchange keeps.
const keepRoom = 1 << 20

// exchange takes a request along its path and answers it: claim → source → body → split → name → cost → store → answer.
func (a *API) exchange(w http.ResponseWriter, r *http.Request, to target) {
	arrival := a.now()
	ctx, span, traceparent := a.trace(r)
	x := a.pool.Get().(*exchange) //nolint:forcetypeassert // the pool holds nothing else
	defer func() {
		if !x.answered { // a panic passes by: ServeHTTP answers it
			x.reply.Status = http.StatusInternalServerError
		}
		a.metrics.request(to.route, x.reply.Status, a.now().Sub(arrival))
		span.End()
		a.release(x)
	}()
	x.target, x.writer, x.traceID = to, w, traceID(traceparent)
	x.in.Request, x.in.Limits, x.in.Answer, x.in.Now = r, a.limits, to.answer, arrival
	x.sent = headBytes(r)
	x.facts.Trust = event.Unproven
	x.facts.TraceParent = append(x.facts.TraceParent[:0], traceparent...)
	x.reply.Reset()
	if to.format.Browser {
		allowOrigin(w.Header(), r, to.candidates)
	}
	x.respond(x.walk(ctx))
	x.answered = true
}

// walk is the path of a request; nil means that all it accepts is on Kafka, or in the spool. The source is found as soon as the request
// has said whose it is: before its body is read, or once the body is split.
func (x *exchange) walk(ctx context.Context) *receive.Refusal {
	x.claim()
	x.share.pool = unknownPool
	inBody := x.claimsInBody()
	if !inBody {
		if refusal := x.find(); refusal != nil {
			return refusal
		}
	} else if x.provesInHead() {
		x.share.pool = provenPool
	}
	if refusal := x.readBody(); refusal != nil {
		return refusal
	}
	if greeted, refusal := x.greet(); greeted || refusal != nil {
		return refusal
	}
	if refusal := x.split(inBody); refusal != nil {
		return refusal
	}
	if inBody {
		if refusal := x.find(); refusal != nil {
			return refusal
		}
	}
	if refusal := x.checkUnproven(); refusal != nil {
		return refusal
	}
	if refusal := x.takeNetwork(); refusal != nil {
		return refusal
	}
	if refusal := x.nameItems(); refusal != nil {
		return refusal
	}
	x.writeFacts()
	if refusal := x.checkCost(); refusal != nil {
		return refusal
	}
	if refusal := x.takeRate(); refusal != nil {
		return refusal
	}
	if x.repeats() {
		return nil
	}
	return x.store(ctx)
}

// respond answers as the sender expects.
func (x *exchange) respond(refusal *receive.Refusal) {
	switch {
	case refusal != nil:
		x.answer.Refused(&x.reply, refusal, &x.batch, x.traceID)
		if refusal.Kind == receive.RateLimited || refusal.Kind == receive.Unavailable {
			retryAfter(x.writer.Header(), x.wait)
		}
		x.count(refusal)
	case !x.greeting:
		x.answer.Accepted(&x.reply, &x.in, &x.batch, x.traceID)
		x.count(nil)
	}
	writeReply(x.writer, &x.reply)
}

// release gives the budget back, and keeps the buffers for the next request unless somebody may still read them or they
// are large.
func (a *API) release(x *exchange) {
	a.bodies.free(&x.share)
	if x.unstored || !x.answered || x.work.Room() > keepRoom {
		return
	}
	x.in.Reset()
	x.batch.Reset()
	x.target, x.writer, x.source = target{}, nil, nil
	x.body.reset()
	x.packed.reset()
	x.wait, x.greeting, x.repeated, x.answered = 0, false, false, false
	a.pool.Put(x)
}
