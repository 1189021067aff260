package ga4mp

import (
	"net/http"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/format/dialect/google"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
	"github.com/omnicapi/omnicapi/pkg/privacy"
)

// Receiver takes Measurement Protocol requests apart.
type Receiver struct{}

// debugPath is Google's validation server: it says what is wrong with a request and stores nothing.
const debugPath = "/debug/mp/collect"

// Claim reads key and secret of the query.
func (Receiver) Claim(r *http.Request) receive.Claim {
	c := receive.ReadHead(r)
	q := r.URL.Query()
	if c.Key = q.Get("measurement_id"); c.Key == "" {
		c.Key = q.Get("firebase_app_id")
	}
	if secret := q.Get("api_secret"); secret != "" && receive.Bearer(r) == "" {
		c.Secret = secret
	}
	return c
}

// Greet answers what is posted to the validator.
func (f Receiver) Greet(in *receive.Input, to receive.Candidates, reply *receive.Reply) bool {
	if in.Request.URL.Path != debugPath {
		return false
	}
	reply.Status, reply.ContentType = http.StatusOK, "application/json; charset=utf-8"
	reply.Body = f.validate(in, to, reply.Body[:0])
	return true
}

// Split takes each event of the list; what the request says beside it is for all. User properties are the site's own
// dimensions and may be large: they are left out, but for what they say of how the events may be used.
func (Receiver) Split(in *receive.Input, b *receive.Batch) *receive.Refusal {
	if r := receive.CheckBody(in.Body); r != nil {
		return r
	}
	var events, client, user []byte
	ok := jsonscan.Object(in.Body, func(key, value []byte) bool {
		switch name := jsonscan.Key(key, &b.Scratch); string(name) {
		case "events":
			events = value
			return true
		case memberProperties:
			addWishes(b, key, value)
			return true
		case memberClient, memberInstance:
			client = b.Text(value)
		case memberUser:
			user = b.Text(value)
		case memberTime:
			in.Moment = value
		default:
			if receive.IsCredential(string(name)) {
				return true
			}
		}
		b.AddContext(key, value)
		return true
	})
	if !ok {
		return &receive.Refusal{Kind: receive.Unreadable, Detail: "the body must be an object"}
	}
	in.Subject = receive.FirstOf(user, client)
	if r := b.CloseContext(); r != nil {
		return r
	}
	return addAll(b, events)
}

// addWishes keeps those of the user's properties that say how the events may be used.
func addWishes(b *receive.Batch, name, properties []byte) {
	start := len(b.Scratch)
	jsonscan.Object(properties, func(key, value []byte) bool {
		if !privacy.IsWish(key) {
			return true
		}
		before := byte(',')
		if len(b.Scratch) == start {
			before = '{'
		}
		b.Scratch = append(append(append(b.Scratch, before, '"'), key...), '"', ':')
		b.Scratch = append(b.Scratch, value...)
		return true
	})
	if len(b.Scratch) > start {
		b.Scratch = append(b.Scratch, '}')
		b.AddContext(name, b.Scratch[start:len(b.Scratch):len(b.Scratch)])
	}
}

// addAll adds the elements of a list of events, whatever they are.
func addAll(b *receive.Batch, events []byte) *receive.Refusal {
	var refused *receive.Refusal
	if !jsonscan.Array(b.Embedded(events), func(value []byte) bool {
		refused = b.Add(value)
		return refused == nil
	}) {
		return &receive.Refusal{Kind: receive.Unreadable, Field: "events", Detail: "events must be an array"}
	}
	return refused
}

// Identify takes the pixel's id, else the event's own event_id, else its transaction_id, else what stays the same when a server
// repeats it.
func (Receiver) Identify(in *receive.Input, item []byte, id *receive.Ident) fault.Reason {
	id.Person = in.Subject
	if jsonscan.Kind(item) != 'o' {
		return fault.Undecodable
	}
	var name, when, own, order []byte
	jsonscan.Object(item, func(key, value []byte) bool {
		switch string(jsonscan.Key(key, &in.Scratch)) {
		case "name":
			name = value
		case memberTime:
			when = value
		case "params":
			own, order = google.IDs(in, value)
		}
		return true
	})
	if when == nil {
		when = in.Moment
	}
	id.HasTime = receive.IsPresent(when)
	label := jsonscan.Text(name, &in.Scratch)
	id.EventID = receive.FirstOf(own, order)
	if id.EventID == nil {
		id.Natural = google.HitKey(in, in.Subject, item, id.Index, jsonscan.Text(when, &in.Scratch), !id.HasTime)
	}
	reason := in.Hopeless(id, name, label, when)
	if id.Field == "event_name" {
		id.Field = "name"
	}
	return reason
}
