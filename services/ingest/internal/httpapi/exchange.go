package httpapi

import (
	"context"
	"net/http"
	"time"

	"go.opentelemetry.io/otel/trace"

	"github.com/omnicapi/omnicapi/pkg/format"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/pkg/telemetry"
	"github.com/omnicapi/omnicapi/services/ingest/internal/accept"
	"github.com/omnicapi/omnicapi/services/ingest/internal/auth"
	"github.com/omnicapi/omnicapi/services/ingest/internal/source"
)

// exchange is one request and its answer, with room that is reused.
type exchange struct {
	in    receive.Input
	batch receive.Batch
	facts accept.Facts
	work  accept.Work
	reply receive.Reply
	body  []byte
	held  int64 // of the budget of bodies
	lost  bool  // the producer may still read the buffers: they are not reused
	done  bool  // answered; not when a panic ended it: whoever has the buffers, they are not reused

	source *source.Source
	wait   time.Duration // Retry-After
	greets bool          // answered by the format's Greet
}

// keepRoom is the largest body and values that stay with a pooled exchange.
const keepRoom = 1 << 20

// exchange walks a request through its format: claim → source → body → split → name → store → answer.
func (a *API) exchange(w http.ResponseWriter, r *http.Request, e *endpoint, f *format.Format, answer receive.Answer, candidates source.Candidates, name string) {
	started := a.now()
	ctx, span, traceparent := a.trace(r)
	x := a.pool.Get().(*exchange)
	defer func() {
		if !x.done { // a panic passes by: ServeHTTP answers it
			x.reply.Status = http.StatusInternalServerError
		}
		a.metrics.request(e.label, x.reply.Status, a.now().Sub(started))
		span.End()
		a.release(x)
	}()
	x.in.Request, x.in.Limits, x.in.Answer, x.in.Now = r, a.limits, answer, started
	x.reply.Reset()
	x.facts.TraceParent = append(x.facts.TraceParent[:0], traceparent...)
	if f.Browser {
		allowOrigin(w.Header(), r, candidates)
	}
	refusal := a.walk(ctx, w, r, x, f, candidates, name, started)
	switch {
	case refusal != nil:
		answer.Refused(&x.reply, refusal, &x.batch, traceID(traceparent))
		if refusal.Kind == receive.RateLimited || refusal.Kind == receive.Unavailable {
			retryAfter(w.Header(), x.wait)
		}
	case x.greets:
	default:
		answer.Accepted(&x.reply, &x.batch, traceID(traceparent))
	}
	if !x.greets {
		a.count(x, f, refusal)
	}
	writeReply(w, &x.reply)
	x.done = true
}

// trace continues the sender's trace or starts one.
func (a *API) trace(r *http.Request) (context.Context, trace.Span, string) {
	ctx := r.Context()
	if h := r.Header.Get("Traceparent"); h != "" {
		ctx = telemetry.WithTraceParent(ctx, h)
	}
	ctx, span := a.tracer.Start(ctx, "store event")
	traceparent := telemetry.TraceParent(ctx)
	if traceparent == "" {
		traceparent = telemetry.NewTraceParent()
	}
	return ctx, span, traceparent
}

// walk is the path of a request; nil means that all it accepts is on Kafka.
func (a *API) walk(ctx context.Context, w http.ResponseWriter, r *http.Request, x *exchange, f *format.Format, candidates source.Candidates, name string, arrival time.Time) *receive.Refusal {
	x.in.Client = clientIP(r, a.proxies)
	x.batch.Claim = claimOf(f, r)
	if a.source != "" {
		name = a.source
	}
	if name != "" {
		x.batch.Claim.Name = name
	}
	greeter, greets := f.Receiver.(receive.Greeter)
	late := greets || bodyClaims(f, x.batch.Claim)
	if !late {
		if refusal := a.find(w, x, f, candidates); refusal != nil {
			return refusal
		}
	}
	if refusal := a.readBody(w, r, x); refusal != nil {
		return refusal
	}
	x.in.Body = x.body
	if x.greets = greets && greeter.Greet(&x.in, narrowed(candidates, x.batch.Claim.Name), &x.reply); x.greets {
		return nil
	}
	if f.Signature != nil {
		receive.Sign(&x.in, &x.batch, f.Signature)
	}
	if refusal := f.Receiver.Split(&x.in, &x.batch); refusal != nil {
		return a.lateRefusal(w, x, f, candidates, late, refusal)
	}
	if late {
		if refusal := a.find(w, x, f, candidates); refusal != nil {
			return refusal
		}
	}
	if g, ok := f.Receiver.(receive.Granter); ok {
		g.Granted(&x.batch, x.in.Server)
	}
	if refusal := receive.Name(f.Receiver, &x.in, &x.batch, x.source.Name, arrival); refusal != nil {
		return refusal
	}
	if refusal := x.rate(arrival); refusal != nil {
		return refusal
	}
	return a.store(ctx, x, arrival)
}

// claimOf reads from the head of a request who it says it is.
func claimOf(f *format.Format, r *http.Request) receive.Claim {
	if c, own := f.Receiver.(receive.Claimer); own {
		return c.Claim(r)
	}
	return receive.ReadHead(r)
}

// bodyClaims says whether only the body completes what the head claims.
func bodyClaims(f *format.Format, c receive.Claim) bool {
	if f.Signature != nil {
		return true
	}
	b, may := f.Receiver.(receive.BodyClaimer)
	return may && b.BodyClaims(c)
}

// narrowed is the candidates that a request may be meant for; nil: it names a source that is none of them, or there is none.
func narrowed(candidates source.Candidates, name string) receive.Candidates {
	if of := candidates.Narrow(name); len(of) > 0 {
		return of
	}
	return nil
}

// lateRefusal keeps what is wrong with a body from those whose secret in it is wrong.
func (a *API) lateRefusal(w http.ResponseWriter, x *exchange, f *format.Format, candidates source.Candidates, late bool, refusal *receive.Refusal) *receive.Refusal {
	if late && (x.batch.Claim.Secret != "" || x.batch.Claim.Proof != nil) {
		if denied := a.find(w, x, f, candidates); denied != nil {
			return denied
		}
	}
	return refusal
}

// find settles which source the request belongs to.
func (a *API) find(w http.ResponseWriter, x *exchange, f *format.Format, candidates source.Candidates) *receive.Refusal {
	grant, decision := auth.Find(candidates, x.batch.Claim)
	switch decision {
	case auth.Granted:
	case auth.NoSuchSource:
		if a.sources.Named(x.batch.Claim.Name) != nil { // of another format or channel: refused as a wrong secret
			return &receive.Refusal{Kind: receive.Unauthorized, Detail: "unknown key, or wrong or missing secret"}
		}
		return &receive.Refusal{Kind: receive.NotFound, Detail: "no such source"}
	case auth.WrongOrigin:
		denyOrigin(w.Header())
		return &receive.Refusal{Kind: receive.Forbidden, Detail: "the page's origin is not allowed"}
	default:
		return &receive.Refusal{Kind: receive.Unauthorized, Detail: "unknown key, or wrong or missing secret"}
	}
	x.source, x.in.Mapping, x.in.Server = grant.To, grant.To.Mapping, grant.Server
	return nil
}

// rate takes the items from the source's rate.
func (x *exchange) rate(now time.Time) *receive.Refusal {
	wait, ok := x.source.Take(now, len(x.batch.Items))
	if ok {
		return nil
	}
	x.wait = wait
	return &receive.Refusal{Kind: receive.RateLimited, Detail: "over the source's rate"}
}

// store publishes the items with the request's facts.
func (a *API) store(ctx context.Context, x *exchange, arrival time.Time) *receive.Refusal {
	if len(x.batch.Items) == 0 {
		return nil
	}
	x.note(a, arrival)
	if err := a.accept.Accept(ctx, x.source, &x.facts, &x.batch, &x.work); err != nil {
		x.lost, x.wait = true, time.Second // Accept logs when Kafka stops taking events
		return &receive.Refusal{Kind: receive.Unavailable, Detail: "events cannot be stored at the moment"}
	}
	return nil
}

// note writes down what is stored of the request with each item.
func (x *exchange) note(a *API, arrival time.Time) {
	f, r := &x.facts, x.in.Request
	f.Arrival = arrival
	f.URL = appendURL(f.URL[:0], r.URL)
	f.Headers = appendHeaders(f.Headers[:0], r.Header)
	f.IP = f.IP[:0]
	if ip := x.in.Client; ip.IsValid() {
		f.IP = ip.AppendTo(f.IP)
	}
}

// count counts the request's events by what became of them.
func (a *API) count(x *exchange, f *format.Format, refusal *receive.Refusal) {
	items, b := len(x.batch.Items), &x.batch
	switch {
	case refusal == nil:
		a.metrics.count(x.source, f.Name, accepted, items)
		a.metrics.count(x.source, f.Name, rejected, len(b.Rejected))
		a.metrics.count(x.source, f.Name, ignored, b.Ignored)
	case refusal.Kind == receive.Unavailable && x.lost:
		a.metrics.count(x.source, f.Name, failed, items)
		a.metrics.count(x.source, f.Name, rejected, len(b.Rejected))
	default:
		a.metrics.count(x.source, f.Name, refusedWhole, max(items+len(b.Rejected), 1))
	}
}

// release gives the budget back and keeps the room for the next request.
func (a *API) release(x *exchange) {
	a.bodies.free(x.held)
	if x.lost || !x.done || cap(x.body) > keepRoom || x.work.Room() > keepRoom {
		return
	}
	x.in.Reset()
	x.batch.Reset()
	x.body, x.held, x.source, x.wait, x.greets, x.done = x.body[:0], 0, nil, 0, false, false
	a.pool.Put(x)
}
