package stape

import (
	"bytes"
	"encoding/base64"
	"net/http"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/format/dialect/google"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// Receiver takes such requests apart.
type Receiver struct{}

// Split takes one event or a list. The query of a body says what the body does not: it is the context.
func (f Receiver) Split(in *receive.Input, b *receive.Batch) *receive.Refusal {
	b.At, b.Image = in.Now, in.Request.Method == http.MethodGet
	in.Pairs = b.AddPairs(in.Pairs[:0], []byte(in.Request.URL.RawQuery))
	if b.Image {
		return f.query(in, b)
	}
	switch receive.FirstByte(in.Body) {
	case 0:
		return receive.EmptyBody()
	case '{', '[':
		f.context(in, b)
		return f.json(in, b, in.Body)
	}
	f.context(in, b)
	ask(in)
	in.Pairs = in.Pairs[:0]
	if r := in.Form(b); r != nil {
		return r
	}
	return f.fields(in, b)
}

// query takes the event that a query holds as JSON, else its fields.
func (f Receiver) query(in *receive.Input, b *receive.Batch) *receive.Refusal {
	event := receive.ValueOf(in.Pairs, "dtcd")
	if packed := receive.ValueOf(in.Pairs, "dtdc"); event == nil && packed != nil {
		var ok bool
		if event, ok = unpack(b, packed); !ok {
			return &receive.Refusal{Kind: receive.Unreadable, Field: "dtdc", Detail: "not base64"}
		}
	}
	if event == nil {
		return f.fields(in, b)
	}
	f.context(in, b)
	return f.json(in, b, event)
}

// unpack decodes base64 of either alphabet, padded or not; a query's plus came as a space.
func unpack(b *receive.Batch, text []byte) ([]byte, bool) {
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
func (Receiver) fields(in *receive.Input, b *receive.Batch) *receive.Refusal {
	if len(in.Pairs) > receive.MaxPairs {
		return &receive.Refusal{Kind: receive.Unreadable, Detail: "too many fields"}
	}
	if r := b.CloseContext(); r != nil {
		return r
	}
	return b.Add(in, 0, b.Nested(in.Pairs))
}

// context keeps the query's fields beside the event.
func (Receiver) context(in *receive.Input, b *receive.Batch) {
	for i, p := range in.Pairs {
		switch name := string(p.Name); {
		case len(p.Value) == 0, name == "dtcd", name == "dtdc", name == storedServer, receive.IsCredential(name), receive.Named(in.Pairs[:i], p.Name):
		default:
			b.AddContextText(name, p.Value)
		}
	}
}

func (Receiver) json(in *receive.Input, b *receive.Batch, body []byte) *receive.Refusal {
	if r := receive.Check(body, ""); r != nil {
		return r
	}
	if r := b.CloseContext(); r != nil {
		return r
	}
	body = jsonscan.Trim(body)
	if jsonscan.Kind(body) == 'o' {
		ask(in)
		return b.Add(in, 0, body)
	}
	var refused *receive.Refusal
	if !jsonscan.Array(body, func(value []byte) bool {
		if jsonscan.Kind(value) != 'o' {
			refused = &receive.Refusal{Kind: receive.Unreadable, Detail: "an event is not an object"}
			return false
		}
		refused = b.Add(in, 0, value)
		return refused == nil
	}) {
		return &receive.Refusal{Kind: receive.Unreadable, Detail: "the body must be an event or an array of events"}
	}
	return refused
}

// Granted marks a server's events: it may speak for the visitor.
func (Receiver) Granted(b *receive.Batch, server bool) {
	if server {
		b.AddFlag(storedServer)
	}
}

// ask notes what the query's fields say that names the body's event.
func ask(in *receive.Input) {
	a := &in.Beside
	for _, p := range in.Pairs {
		switch name := string(p.Name); {
		case name == "event_id" && a.ID == nil && receive.UsableID(p.Value):
			a.ID = p.Value
		case name == "transaction_id" && a.Order == nil && receive.UsableID(p.Value):
			a.Order = p.Value
		case name == "client_id" && a.Client == nil:
			a.Client = bytes.TrimSpace(p.Value)
		case (name == "user_id" || name == "userId") && a.User == nil:
			a.User = bytes.TrimSpace(p.Value)
		}
	}
}

// Identify takes the event's own event_id, else its transaction_id, each beside its ecommerce or in it, else the query's;
// else a server's event is its person's, a page's its visitor's, by fields and time or minute.
func (Receiver) Identify(in *receive.Input, item []byte, id *receive.Ident) fault.Reason {
	var when, own, order, client, user, email []byte
	asked := &in.Beside
	jsonscan.Object(item, func(key, value []byte) bool {
		switch string(jsonscan.Key(key, &in.Scratch)) {
		case "event_time":
			when = value
		case "event_id":
			own = receive.FirstOf(in.Usable(value), own)
		case "transaction_id":
			order = receive.FirstOf(in.Usable(value), order)
		case "ecommerce":
			id, sale := google.IDs(in, value)
			own, order = receive.FirstOf(own, id), receive.FirstOf(order, sale)
		case "client_id":
			client = in.FirstText(value)
		case "user_id", "userId":
			user = in.FirstText(value)
		case "user_data":
			email = in.Person(value)
		}
		return true
	})
	id.HasTime = receive.Says(when)
	id.Person = receive.FirstOf(user, asked.User, email, client, asked.Client, receive.BrowserID(in.Request))
	switch id.EventID = receive.FirstOf(own, order, asked.ID, asked.Order); {
	case id.EventID != nil:
	case id.HasTime && in.Server: // its content names it, wherever it is repeated from
	case in.Server:
		in.Subject = id.Person
		id.Natural = google.HitKey(in, item, id.Index, nil, true)
	case id.HasTime:
		id.Natural = in.Visit(item, false)
	default:
		id.Natural = google.TagKey(in, item, id.Index)
	}
	return fault.None // the answer has no place for more
}
