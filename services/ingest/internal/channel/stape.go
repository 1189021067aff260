package channel

import (
	"bytes"
	"encoding/base64"
	"net/http"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// Stape is what Stape's Data Tag sends to a Data Client at /data: events in Google's common names, as JSON, as a form with
// dotted names, or in a query (dtcd: JSON, dtdc: JSON in base64). A page sends it by its Origin, a server by a secret.
type Stape struct{}

// Name is stape.
func (Stape) Name() string { return "stape" }

// Routes is one.
func (Stape) Routes() []Route {
	return []Route{{Methods: []string{http.MethodGet, http.MethodPost}, Pattern: "/data", Answer: stapeAnswer()}}
}

// Answer is the Data Client's.
func (Stape) Answer() Answer { return stapeAnswer() }

// Claim reads the head.
func (Stape) Claim(r *http.Request) Claim { return headClaim(r) }

// BodyClaims implements Format: never.
func (Stape) BodyClaims(Claim) bool { return false }

// Split takes one event or a list. The query of a body says what the body does not: it is the context.
func (f Stape) Split(in *Input, b *Batch) *Refusal {
	b.At, b.Image = in.Now, in.Request.Method == http.MethodGet
	in.pairs = b.addPairs(in.pairs[:0], []byte(in.Request.URL.RawQuery))
	if b.Image {
		return f.query(in, b)
	}
	switch sniff(in.Body) {
	case 0:
		return emptyBody()
	case '{', '[':
		f.context(in, b)
		return f.json(in, b, in.Body)
	}
	f.context(in, b)
	in.ask()
	in.pairs = in.pairs[:0]
	if r := in.form(b); r != nil {
		return r
	}
	return f.fields(in, b)
}

// query takes the event that a query holds as JSON, else its fields.
func (f Stape) query(in *Input, b *Batch) *Refusal {
	event := valueOf(in.pairs, "dtcd")
	if packed := valueOf(in.pairs, "dtdc"); event == nil && packed != nil {
		var ok bool
		if event, ok = b.unpack(packed); !ok {
			return &Refusal{Kind: Unreadable, Field: "dtdc", Detail: "not base64"}
		}
	}
	if event == nil {
		return f.fields(in, b)
	}
	f.context(in, b)
	return f.json(in, b, event)
}

// unpack decodes base64 of either alphabet, padded or not; a query's plus came as a space.
func (b *Batch) unpack(text []byte) ([]byte, bool) {
	plain := bytes.Map(func(r rune) rune {
		switch r {
		case '-', ' ':
			return '+'
		case '_':
			return '/'
		}
		return r
	}, bytes.TrimRight(text, "="))
	start := len(b.Scratch)
	out, err := base64.RawStdEncoding.AppendDecode(b.Scratch, plain)
	if err != nil {
		return nil, false
	}
	b.Scratch = out
	return out[start:len(out):len(out)], true
}

// fields takes a form's or query's fields as an event, dotted names as objects in it.
func (Stape) fields(in *Input, b *Batch) *Refusal {
	if len(in.pairs) > maxPairs {
		return &Refusal{Kind: Unreadable, Detail: "too many fields"}
	}
	if r := b.closeContext(); r != nil {
		return r
	}
	return b.add(in, 0, b.nested(in.pairs))
}

// context keeps the query's fields beside the event.
func (Stape) context(in *Input, b *Batch) {
	for i, p := range in.pairs {
		switch name := string(p.name); {
		case len(p.value) == 0, name == "dtcd", name == "dtdc", name == "server", IsCredential(name), named(in.pairs[:i], p.name):
		default:
			b.addContextText(name, p.value)
		}
	}
}

func (Stape) json(in *Input, b *Batch, body []byte) *Refusal {
	if r := check(body, ""); r != nil {
		return r
	}
	if r := b.closeContext(); r != nil {
		return r
	}
	body = jsonscan.Trim(body)
	if jsonscan.Kind(body) == 'o' {
		in.ask()
		return b.add(in, 0, body)
	}
	var refused *Refusal
	if !jsonscan.Array(body, func(value []byte) bool {
		if jsonscan.Kind(value) != 'o' {
			refused = &Refusal{Kind: Unreadable, Detail: "an event is not an object"}
			return false
		}
		refused = b.add(in, 0, value)
		return refused == nil
	}) {
		return &Refusal{Kind: Unreadable, Detail: "the body must be an event or an array of events"}
	}
	return refused
}

// Granted marks a server's events: it may speak for the visitor.
func (Stape) Granted(b *Batch, server bool) {
	if server {
		b.markServer()
	}
}

// ask notes what the query's fields say that names the body's event.
func (in *Input) ask() {
	a := &in.asked
	for _, p := range in.pairs {
		switch name := string(p.name); {
		case name == "event_id" && a.id == nil && usableID(p.value):
			a.id = p.value
		case name == "transaction_id" && a.order == nil && usableID(p.value):
			a.order = p.value
		case name == "client_id" && a.client == nil:
			a.client = bytes.TrimSpace(p.value)
		case (name == "user_id" || name == "userId") && a.user == nil:
			a.user = bytes.TrimSpace(p.value)
		}
	}
}

// Identify takes the event's own event_id, else its transaction_id, each beside its ecommerce or in it, else the query's;
// else a server's event is its person's, a page's its visitor's, by fields and time or minute.
func (Stape) Identify(in *Input, item []byte, id *Ident) fault.Reason {
	var when, own, order, client, user, email []byte
	asked := &in.asked
	jsonscan.Object(item, func(key, value []byte) bool {
		switch string(jsonscan.Key(key, &in.text)) {
		case "event_time":
			when = value
		case "event_id":
			own = firstText(in.usable(value), own)
		case "transaction_id":
			order = firstText(in.usable(value), order)
		case "ecommerce":
			id, sale := in.googleIDs(value)
			own, order = firstText(own, id), firstText(order, sale)
		case "client_id":
			client = in.first(value)
		case "user_id", "userId":
			user = in.first(value)
		case "user_data":
			email = in.person(value)
		}
		return true
	})
	id.HasTime = given(when)
	id.Person = firstText(user, asked.user, email, client, asked.client, cookie(in.Request))
	switch id.EventID = firstText(own, order, asked.id, asked.order); {
	case id.EventID != nil:
	case id.HasTime && in.Server: // its content names it, wherever it is repeated from
	case in.Server:
		in.subject = id.Person
		id.Natural = in.hit(item, id.Index, nil, true)
	case id.HasTime:
		id.Natural = in.visit(item, false)
	default:
		id.Natural = in.tagged(item, id.Index)
	}
	return fault.None // the answer has no place for more
}
