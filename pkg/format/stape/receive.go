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

// Receiver takes the Data Tag's requests apart.
type Receiver struct{}

// Split takes one event or a list. The query of a body says what the body does not: it is the context.
func (f Receiver) Split(in *receive.Input, b *receive.Batch) *receive.Refusal {
	in.Pairs = b.AddPairs(in.Pairs[:0], []byte(in.Request.URL.RawQuery))
	if in.Request.Method == http.MethodGet {
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
	return f.form(in, b)
}

// form takes a form's fields as an event; the query's stay in in.Pairs.
func (f Receiver) form(in *receive.Input, b *receive.Batch) *receive.Refusal {
	query := in.Pairs
	in.Pairs = query[len(query):]
	refused := in.Form(b)
	form := in.Pairs
	in.Pairs = query
	if refused != nil {
		return refused
	}
	return f.fields(b, form)
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
		fields := in.Pairs
		in.Pairs = in.Pairs[:0] // they are the event: the query says nothing beside it
		return f.fields(b, fields)
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
func (Receiver) fields(b *receive.Batch, list []receive.Pair) *receive.Refusal {
	if len(list) > receive.MaxPairs {
		return &receive.Refusal{Kind: receive.Unreadable, Detail: "too many fields"}
	}
	if r := b.CloseContext(); r != nil {
		return r
	}
	return b.Add(nested(b, list))
}

// context keeps the query's fields beside the event.
func (Receiver) context(in *receive.Input, b *receive.Batch) {
	for i, p := range in.Pairs {
		switch name := string(p.Name); {
		case len(p.Value) == 0, name == "dtcd", name == "dtdc", name == storedServer, receive.IsCredential(name), receive.HasName(in.Pairs[:i], p.Name):
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
		return b.Add(body)
	}
	in.Pairs = in.Pairs[:0] // one query names no list of events
	var refused *receive.Refusal
	if !jsonscan.Array(body, func(value []byte) bool {
		if jsonscan.Kind(value) != 'o' {
			refused = &receive.Refusal{Kind: receive.Unreadable, Detail: "an event is not an object"}
			return false
		}
		refused = b.Add(value)
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

// queryNames are what a query says that names its body's one event.
type queryNames struct{ pixel, id, order, client, user []byte }

// namesOf reads them from a query's fields, of each the first that says something.
func namesOf(query []receive.Pair) queryNames {
	var n queryNames
	for _, p := range query {
		switch string(p.Name) {
		case "event_id":
			n.id = receive.FirstOf(n.id, receive.UsableID(p.Value))
		case "transaction_id":
			n.order = receive.FirstOf(n.order, receive.UsableID(p.Value))
		case "client_id":
			n.client = receive.FirstOf(n.client, bytes.TrimSpace(p.Value))
		case "user_id", "userId":
			n.user = receive.FirstOf(n.user, bytes.TrimSpace(p.Value))
		default:
			if receive.IsPixelID(p.Name) {
				n.pixel = receive.FirstOf(n.pixel, receive.UsableID(p.Value))
			}
		}
	}
	return n
}

// Identify takes the pixel's id, else the event's own event_id, else its order's, each
// beside its ecommerce or in it, else the query's;
// else a server's event is its person's, a page's its visitor's, by fields and time or minute.
func (Receiver) Identify(in *receive.Input, item []byte, id *receive.Ident) fault.Reason {
	var when, client, user, email []byte
	var ids google.EventIDs
	query := namesOf(in.Pairs)
	jsonscan.Object(item, func(key, value []byte) bool {
		switch key = jsonscan.Key(key, &in.Scratch); string(key) {
		case "event_time":
			when = value
		case "client_id":
			client = in.FirstText(value)
		case "user_id", "userId":
			user = in.FirstText(value)
		case "user_data":
			email = in.Person(value)
		default:
			ids.Member(in, key, value)
		}
		return true
	})
	id.HasTime = receive.IsGiven(when)
	id.Person = receive.FirstOf(user, query.user, email, client, query.client, receive.BrowserID(in.Request))
	switch id.EventID = receive.FirstOf(ids.Own(), query.pixel, ids.Order(), query.id, query.order); {
	case id.EventID != nil:
	case id.HasTime && in.Server: // its content names it, wherever it is repeated from
	case in.Server:
		id.Natural = google.HitKey(in, id.Person, item, id.Index, nil, true)
	case id.HasTime:
		id.Natural = in.VisitorKey(item, false)
	default:
		id.Natural = google.TagKey(in, item, id.Index)
	}
	return fault.None // the answer has no place for more
}
