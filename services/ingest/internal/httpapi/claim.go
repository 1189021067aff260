package httpapi

import (
	"net/http"
	"time"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/services/ingest/internal/auth"
	"github.com/omnicapi/omnicapi/services/ingest/internal/network"
)

// claim reads who the request says it is, from its address, its query and its headers.
func (x *exchange) claim() {
	x.in.Client = clientIP(x.in.Request, x.api.proxies)
	x.network, x.exempt = network.Of(x.in.Client), x.api.uncounted.Holds(x.in.Client)
	if c, own := x.format.Receiver.(receive.Claimer); own {
		x.batch.Claim = c.Claim(x.in.Request)
	} else {
		x.batch.Claim = receive.ReadHead(x.in.Request)
	}
	x.batch.Claim.Certificate = x.api.certificate(x.in.Request, x.in.Now)
	switch {
	case x.api.source != "":
		x.batch.Claim.Name = x.api.source
	case x.name != "":
		x.batch.Claim.Name = x.name
	}
}

// certificate are the names of the client's certificate, nil if it has shown none that counts.
func (a *API) certificate(r *http.Request, now time.Time) []string {
	if a.names == nil || r.TLS == nil {
		return nil
	}
	return a.names(r.TLS, now)
}

// claimsInBody says whether the body has to be read to know whose the request is: it is signed, it may say so itself, or it
// may be no event but a greeting, which needs no source.
func (x *exchange) claimsInBody() bool {
	if _, greets := x.format.Receiver.(receive.Greeter); greets || x.format.Signature != nil {
		return true
	}
	b, may := x.format.Receiver.(receive.BodyClaimer)
	return may && b.BodyClaims(x.batch.Claim)
}

// find decides which source the request belongs to.
func (x *exchange) find() *receive.Refusal {
	claim := &x.batch.Claim
	if !x.mayTry(claim) {
		return x.tooManyGuesses()
	}
	grant, decision := auth.Find(x.candidates, *claim)
	if decision != auth.Granted {
		cause := auth.Why(x.candidates, *claim, decision)
		if x.deny(cause); isGuess(cause) {
			x.tried(claim)
		}
	}
	switch decision {
	case auth.Granted:
	case auth.NoSuchSource:
		if x.api.sources.Named(x.batch.Claim.Name) != nil { // of another format or channel: refused as a wrong secret
			return &receive.Refusal{Kind: receive.Unauthorized, Detail: "unknown key, or wrong or missing secret"}
		}
		return &receive.Refusal{Kind: receive.NotFound, Detail: "no such source"}
	case auth.WrongOrigin:
		denyOrigin(x.writer.Header())
		return &receive.Refusal{Kind: receive.Forbidden, Detail: "the page's origin is not allowed"}
	default:
		return &receive.Refusal{Kind: receive.Unauthorized, Detail: "unknown key, or wrong or missing secret"}
	}
	x.source, x.in.Mapping, x.in.Server = grant.To, grant.To.Mapping, grant.Server
	x.facts.Trust, x.in.ForeignIDs = event.Proven, nil
	if !grant.Proven && !x.api.proven {
		x.facts.Trust, x.in.ForeignIDs = event.Unproven, x.api.foreignIDs[x.source.Format]
	}
	x.granted(claim, grant.Proven)
	return x.moveTo(poolOf(x.facts.Trust))
}

// provesInHead says whether the head alone proves who sends the request, though its body is needed to say whose it is.
func (x *exchange) provesInHead() bool {
	claim := &x.batch.Claim
	if claim.Secret == "" && len(claim.Certificate) == 0 || !x.mayTry(claim) {
		return x.api.proven
	}
	grant, decision := auth.Find(x.candidates, *claim)
	return x.api.proven || decision == auth.Granted && grant.Proven
}

// moveTo gives the request room of the pool it belongs to, as far as is known.
func (x *exchange) moveTo(p pool) *receive.Refusal {
	if x.api.bodies.move(&x.share, p) {
		return nil
	}
	x.api.metrics.noRoom[p].Inc()
	return &receive.Refusal{Kind: receive.Unavailable, Detail: "too many requests at a time"}
}

func poolOf(t event.Trust) pool {
	if t == event.Unproven {
		return unprovenPool
	}
	return provenPool
}
