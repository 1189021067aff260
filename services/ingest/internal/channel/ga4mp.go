package channel

import (
	"net/http"
	"strconv"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// GA4MP is the Measurement Protocol of Google Analytics 4: {"client_id",…,"events":[{"name","params"}]} from servers and
// apps, with measurement id (or Firebase app id) and API secret in the query.
type GA4MP struct{}

// debugPath is Google's validation server: it says what is wrong with a request and stores nothing.
const debugPath = "/debug/mp/collect"

// Name is ga4.mp.
func (GA4MP) Name() string { return "ga4.mp" }

// Routes are the collector and the validator.
func (GA4MP) Routes() []Route {
	post := []string{http.MethodPost}
	return []Route{
		{Methods: post, Pattern: "/mp/collect", Answer: Google{}},
		{Methods: post, Pattern: debugPath, Answer: validator{}},
	}
}

// Answer is Google's.
func (GA4MP) Answer() Answer { return Google{} }

// Claim reads key and secret of the query.
func (GA4MP) Claim(r *http.Request) Claim {
	c := headClaim(r)
	q := r.URL.Query()
	if c.Key = q.Get("measurement_id"); c.Key == "" {
		c.Key = q.Get("firebase_app_id")
	}
	if secret := q.Get("api_secret"); secret != "" && bearer(r) == "" {
		c.Secret = secret
	}
	return c
}

// BodyClaims implements Format: never.
func (GA4MP) BodyClaims(Claim) bool { return false }

// Greet answers what is posted to the validator.
func (f GA4MP) Greet(in *Input, to Candidates, reply *Reply) bool {
	if in.Request.URL.Path != debugPath {
		return false
	}
	reply.Status, reply.ContentType = http.StatusOK, "application/json; charset=utf-8"
	reply.Body = f.validate(in, to, reply.Body[:0])
	return true
}

// Split takes each event of the list; what the request says beside it is for all. User properties are the site's own
// dimensions and may be large: they are left out.
func (GA4MP) Split(in *Input, b *Batch) *Refusal {
	if sniff(in.Body) == 0 {
		return emptyBody()
	}
	if r := check(in.Body, ""); r != nil {
		return r
	}
	var events, client, user []byte
	ok := jsonscan.Object(in.Body, func(key, value []byte) bool {
		switch name := jsonscan.Key(key, &b.Scratch); string(name) {
		case "events":
			events = value
			return true
		case "user_properties":
			return true
		case "client_id", "app_instance_id":
			client = b.text(value)
		case "user_id":
			user = b.text(value)
		case "timestamp_micros":
			in.moment = value
		default:
			if IsCredential(string(name)) {
				return true
			}
		}
		b.addContext(key, value)
		return true
	})
	if !ok {
		return &Refusal{Kind: Unreadable, Detail: "the body must be an object"}
	}
	if in.subject = user; len(user) == 0 {
		in.subject = client
	}
	if r := b.closeContext(); r != nil {
		return r
	}
	return addAll(in, b, events)
}

// addAll adds the elements of a list of events, whatever they are.
func addAll(in *Input, b *Batch, events []byte) *Refusal {
	var refused *Refusal
	if !jsonscan.Array(events, func(value []byte) bool {
		refused = b.add(in, 0, value)
		return refused == nil
	}) {
		return &Refusal{Kind: Unreadable, Field: "events", Detail: "events must be an array"}
	}
	return refused
}

// Identify takes the event's own event_id, else its transaction_id, else whose it is, when and which of the request.
func (GA4MP) Identify(in *Input, item []byte, id *Ident) fault.Reason {
	id.Person = in.subject
	if len(id.Person) == 0 {
		id.Person = nil
	}
	if jsonscan.Kind(item) != 'o' {
		return fault.Undecodable
	}
	var name, when, own, order []byte
	jsonscan.Object(item, func(key, value []byte) bool {
		switch string(jsonscan.Key(key, &in.text)) {
		case "name":
			name = value
		case "timestamp_micros":
			when = value
		case "params":
			own, order = in.googleIDs(value)
		}
		return true
	})
	if when == nil {
		when = in.moment
	}
	id.HasTime = when != nil && jsonscan.Kind(when) != 'z'
	label := jsonscan.Text(name, &in.text)
	if id.EventID = own; own == nil {
		id.EventID = order
	}
	if id.EventID == nil {
		id.Natural = in.hit(item, id.Index, jsonscan.Text(when, &in.text), !id.HasTime)
	}
	reason := in.hopeless(id, name, label, when)
	if id.Field == "event_name" {
		id.Field = "name"
	}
	return reason
}

// googleIDs are the event_id and transaction_id of an event's parameters that can be an event_id.
func (in *Input) googleIDs(params []byte) (own, order []byte) {
	jsonscan.Object(params, func(key, value []byte) bool {
		switch string(jsonscan.Key(key, &in.text)) {
		case "event_id":
			own = in.usable(value)
		case "transaction_id":
			order = in.usable(value)
		}
		return true
	})
	return own, order
}

// usable is a value's text if it can be an event_id.
func (n *naming) usable(value []byte) []byte {
	if text := jsonscan.Text(value, &n.text); usableID(text) {
		return text
	}
	return nil
}

// hit is a key of an event without an id: whose it is, when, which of the request, and what it says.
func (in *Input) hit(item []byte, index int, when []byte, minute bool) []byte {
	start := len(in.text)
	d := append(append(in.text, in.subject...), 0)
	d = append(append(d, when...), 0)
	d = strconv.AppendInt(d, int64(index), 10)
	if minute {
		d = strconv.AppendInt(append(d, 0), in.Now.Unix()/60, 10)
	}
	d = append(append(d, 0), item...)
	in.text = d
	return d[start:len(d):len(d)]
}
