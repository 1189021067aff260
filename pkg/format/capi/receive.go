package capi

import (
	"net/http"
	"strconv"

	"github.com/go-chi/chi/v5"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/format/dialect/serverevent"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// Receiver takes requests to Meta's events endpoint apart.
type Receiver struct{}

// graphParams are the parameters that Meta takes beside data; in a query only these are passed on.
var graphParams = []string{
	"test_event_code", "partner_agent", "namespace_id", "upload_id", "upload_tag", "upload_source", "platforms", "progress", "trace",
}

// Claim reads the dataset of the path and the token of Authorization or query.
func (Receiver) Claim(r *http.Request) receive.Claim {
	c := receive.ReadHead(r)
	if c.Secret == "" && r.URL.RawQuery != "" {
		c.Secret = r.URL.Query().Get("accessKey")
	}
	if id := chi.URLParam(r, "dataset"); id != "" {
		c.Key, c.Dataset = id, true
	}
	return c
}

// BodyClaims says where the claim is: the token may be in the body.
func (Receiver) BodyClaims(c receive.Claim) bool { return c.Secret == "" }

// Split reads data in its five encodings: a JSON body (nulls or not), a urlencoded or multipart form with a JSON array
// of objects, or of strings that hold objects.
func (f Receiver) Split(in *receive.Input, b *receive.Batch) *receive.Refusal {
	var r *receive.Refusal
	switch receive.FirstByte(in.Body) {
	case 0:
		return receive.EmptyBody()
	case '{':
		r = f.splitJSON(in, b)
	case '[':
		return &receive.Refusal{Kind: receive.Unreadable, Field: "data", Detail: "data is missing: the body must be an object"}
	default:
		r = f.splitForm(in, b)
	}
	if r != nil {
		return r
	}
	f.addQuery(in, b)
	return b.CloseContext()
}

func (f Receiver) splitJSON(in *receive.Input, b *receive.Batch) *receive.Refusal {
	if r := receive.Check(in.Body, ""); r != nil {
		return r
	}
	var data, events []byte
	jsonscan.Object(in.Body, func(key, value []byte) bool {
		switch name := jsonscan.Key(key, &b.Scratch); string(name) {
		case "data":
			data = value
		case "events": // what our own other routes call it
			events = value
		case "access_token", "accessKey":
			f.present(b, b.Text(value))
		case "id": // the Node SDK repeats the dataset here
		default:
			if !receive.IsCredential(string(name)) {
				b.AddContext(key, value)
			}
		}
		return true
	})
	if data == nil && !in.Answer.KeepsHopeless() {
		data = events
	}
	return f.splitData(in, b, data)
}

// present takes a secret from the body, where the head had none.
func (Receiver) present(b *receive.Batch, secret []byte) {
	if b.Claim.Secret == "" {
		b.Claim.Secret = string(secret)
	}
}

// splitData adds the elements of data; data itself may be a JSON text in a string.
func (f Receiver) splitData(in *receive.Input, b *receive.Batch, data []byte) *receive.Refusal {
	if jsonscan.Kind(data) == 's' {
		data = jsonscan.TrimMark(b.Text(data))
		if r := receive.Check(data, "data"); r != nil {
			return r
		}
	}
	var refused *receive.Refusal
	n := 0
	if !jsonscan.Array(data, func(value []byte) bool {
		refused = f.addEvent(in, b, value, n)
		n++
		return refused == nil
	}) {
		return &receive.Refusal{Kind: receive.Unreadable, Field: "data", Detail: "data must be an array of events"}
	}
	if refused != nil {
		return refused
	}
	if n == 0 {
		return &receive.Refusal{Kind: receive.Unreadable, Field: "data", Detail: "data holds no event"}
	}
	if _, graph := in.Answer.(Answer); graph && n > maxEvents {
		return &receive.Refusal{Kind: receive.Unreadable, Field: "data", Detail: "data holds more than 1000 events"}
	}
	return nil
}

// addEvent adds an object, or the object that a string holds.
func (Receiver) addEvent(in *receive.Input, b *receive.Batch, value []byte, n int) *receive.Refusal {
	if jsonscan.Kind(value) == 's' {
		text := jsonscan.TrimMark(b.Text(value))
		if receive.Check(text, "data") == nil {
			value = jsonscan.Trim(text)
		}
	}
	if jsonscan.Kind(value) == 'o' {
		return b.Add(value)
	}
	if in.Answer.KeepsHopeless() {
		return &receive.Refusal{Kind: receive.Unreadable, Field: "data", Detail: "data[" + strconv.Itoa(n) + "] is not an object"}
	}
	return b.Reject(0, "", fault.Undecodable, "not an object")
}

// addQuery adds Meta's parameters from the query to the context.
func (Receiver) addQuery(in *receive.Input, b *receive.Batch) {
	if in.Request.URL.RawQuery == "" {
		return
	}
	q := in.Request.URL.Query()
	for _, name := range graphParams {
		if v := q.Get(name); v != "" && !says(b, name) {
			b.AddContextText(name, []byte(v))
		}
	}
}

// says looks whether an open context has a member already: the body goes before the query.
func says(b *receive.Batch, name string) bool {
	if len(b.Context) == 0 {
		return false
	}
	n := len(b.Context)
	found := jsonscan.Get(append(b.Context, '}'), name) != nil
	b.Context = b.Context[:n]
	return found
}

// Identify reads Meta's server event.
func (Receiver) Identify(in *receive.Input, item []byte, id *receive.Ident) fault.Reason {
	return serverevent.Identify(in, item, id)
}

const maxEvents = 1000 // what Meta takes in a request
