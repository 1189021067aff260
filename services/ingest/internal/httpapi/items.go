package httpapi

import (
	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// greet lets the format answer what brings no events: a verification of the endpoint, a handshake, a ping.
func (x *exchange) greet() (greeted bool, refusal *receive.Refusal) {
	greeter, greets := x.format.Receiver.(receive.Greeter)
	if !greets {
		return false, nil
	}
	var among receive.Candidates // nil: the request names a source that is no candidate, or there is none
	asked := &guarded{x: x}
	if of := x.candidates.Narrow(x.batch.Claim.Name); len(of) > 0 {
		asked.Candidates, among = of, asked
	}
	x.greeting = greeter.Greet(&x.in, among, &x.reply)
	switch {
	case x.greeting && asked.denied:
		x.greeting = false
		x.reply.Reset()
		return false, x.tooManyGuesses()
	case x.greeting:
		x.denyGreeting()
	}
	return x.greeting, nil
}

// split takes the body apart into items. What is wrong with a body is told only to those whose secret is right.
func (x *exchange) split(claimsInBody bool) *receive.Refusal {
	if x.format.Signature != nil {
		receive.Sign(&x.in, &x.batch, x.format.Signature, x.body.bytes)
	}
	x.batch.Allowed = allowances[event.Proven].of(x.sent) // who it is may not be known yet
	refusal := x.checkEncoding()
	if refusal == nil {
		refusal = x.format.Receiver.Split(&x.in, &x.batch)
	}
	if refusal != nil && claimsInBody && x.batch.Claim.Presents() {
		if denied := x.find(); denied != nil {
			return denied
		}
	}
	return refusal
}

// checkEncoding cuts off a byte order mark. The readers of tables know encodings of their own.
func (x *exchange) checkEncoding() *receive.Refusal {
	if x.format.Mapping {
		return nil
	}
	x.in.Body = jsonscan.TrimMark(x.in.Body)
	return receive.CheckEncoding(x.in.Body)
}

// nameItems gives every item its id and key.
func (x *exchange) nameItems() *receive.Refusal {
	if g, ok := x.format.Receiver.(receive.Granter); ok {
		g.Granted(&x.batch, x.in.Server)
	}
	return receive.Name(x.format.Receiver, &x.in, &x.batch, x.source.Name, x.in.Now)
}
