package channel

import (
	"net/http"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// Collect is our own collector: a page's snippet (by its Origin) or the shop's server (by its secret). Only a server may
// say who the client was: its requests carry {"server":true} in their context, which a body cannot.
type Collect struct{}

// Name is collect.
func (Collect) Name() string { return "collect" }

// Routes is one.
func (Collect) Routes() []Route {
	return []Route{{Methods: []string{http.MethodPost}, Pattern: "/v1/website/collect", Answer: Own{}}}
}

// Answer is ours.
func (Collect) Answer() Answer { return Own{} }

// Claim reads the head: a beacon cannot set headers, a server presents its secret there.
func (Collect) Claim(r *http.Request) Claim { return headClaim(r) }

// BodyClaims implements Format: never.
func (Collect) BodyClaims(Claim) bool { return false }

// Split reads {"events":[…]}, an array of events, or one event.
func (f Collect) Split(in *Input, b *Batch) *Refusal {
	if sniff(in.Body) == 0 {
		return emptyBody()
	}
	if r := check(in.Body, ""); r != nil {
		return r
	}
	events, single := []byte(nil), false
	switch jsonscan.Kind(in.Body) {
	case 'a':
		events = in.Body
	case 'o':
		if events = jsonscan.Get(in.Body, "events"); events == nil {
			single = jsonscan.Get(in.Body, "event_name") != nil
		}
	}
	if single {
		return b.add(in, 0, jsonscan.Trim(in.Body))
	}
	f.context(in, b)
	if r := b.closeContext(); r != nil {
		return r
	}
	return addEvents(in, b, events, "events")
}

// context keeps what the request says for all its events.
func (Collect) context(in *Input, b *Batch) {
	jsonscan.Object(in.Body, func(key, value []byte) bool {
		switch name := jsonscan.Key(key, &b.Scratch); string(name) {
		case "events", "server":
		case "sent_at":
			b.SentAt = b.text(value)
		default:
			if !IsCredential(string(name)) {
				b.addContext(key, value)
			}
		}
		return true
	})
}

// Granted keeps a server's context, marked as one's. Of a page's only what it says of consent is kept: what anybody's page
// says is good for its own event only, but a refusal holds.
func (Collect) Granted(b *Batch, server bool) {
	if server {
		b.markServer()
		return
	}
	consent := jsonscan.Get(b.Context, "consent")
	start := len(b.Scratch)
	b.Scratch = append(b.Scratch, consent...)
	consent = b.Scratch[start:]
	if b.Context = b.Context[:0]; len(consent) > 0 {
		b.Context = append(append(append(b.Context, `{"consent":`...), consent...), '}')
	}
}

// markServer says in the context that the request's sender presented a right secret.
func (b *Batch) markServer() {
	if len(b.Context) == 0 {
		b.Context = append(b.Context, `{"server":true}`...)
		return
	}
	b.Context = append(b.Context[:len(b.Context)-1], `,"server":true}`...)
}

// Identify reads an event in Meta's names, with user instead of user_data.
func (Collect) Identify(in *Input, item []byte, id *Ident) fault.Reason {
	reason := identifyEvent(in, item, id)
	if id.Person == nil {
		id.Person = cookie(in.Request)
	}
	// Two visitors of one page say the same within a minute; a server's repeat may come from another address.
	if id.EventID == nil && id.Natural == nil && !in.Server {
		id.Natural = in.visit(item, !id.HasTime)
	}
	return reason
}

// addEvents adds the objects of an array; what is none is rejected by index.
func addEvents(in *Input, b *Batch, events []byte, field string) *Refusal {
	var refused *Refusal
	n := 0
	if !jsonscan.Array(events, func(value []byte) bool {
		n++
		if jsonscan.Kind(value) != 'o' {
			refused = b.reject(0, "", fault.Undecodable, "not an object")
			return refused == nil
		}
		refused = b.add(in, 0, value)
		return refused == nil
	}) {
		return &Refusal{Kind: Unreadable, Field: field, Detail: field + " must be an array of events"}
	}
	if refused == nil && n == 0 {
		return &Refusal{Kind: Unreadable, Field: field, Detail: field + " holds no event"}
	}
	return refused
}
