package channel

import (
	"net/http"
	"strconv"

	"github.com/go-chi/chi/v5"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// CAPI is Meta's own wire format: its SDKs, tags and gateways post to us by changing only their host.
type CAPI struct{}

// graphParams are the parameters that Meta takes beside data; in a query only these are passed on.
var graphParams = []string{
	"test_event_code", "partner_agent", "namespace_id", "upload_id", "upload_tag", "upload_source", "platforms", "progress", "trace",
}

// Name is capi.
func (CAPI) Name() string { return "capi" }

// Routes are the Graph API's, the Conversions API Gateway's (whose SDKs throw on anything but 202) and our own.
func (CAPI) Routes() []Route {
	post := []string{http.MethodPost}
	return []Route{
		{Methods: post, Pattern: `/v{version:[0-9]+(?:\.[0-9]+)?}/{dataset:[0-9]+}/events`, Answer: Graph{}},
		{Methods: post, Pattern: `/capi/{dataset:[0-9]+}/events`, Answer: Own{}},
		{Methods: post, Pattern: `/v1/{channel:[a-z]+}/events`, Answer: Own{}},
	}
}

// Answer is ours.
func (CAPI) Answer() Answer { return Own{} }

// Claim reads the dataset of the path and the token of Authorization or query.
func (CAPI) Claim(r *http.Request) Claim {
	c := headClaim(r)
	if c.Secret == "" && r.URL.RawQuery != "" {
		c.Secret = r.URL.Query().Get("accessKey")
	}
	if id := chi.URLParam(r, "dataset"); id != "" {
		c.Key, c.Dataset = id, true
	}
	return c
}

// BodyClaims implements Format: the token may be in the body.
func (CAPI) BodyClaims(c Claim) bool { return c.Secret == "" }

// Split reads data in its five encodings: a JSON body (nulls or not), a urlencoded or multipart form with a JSON array
// of objects, or of strings that hold objects.
func (f CAPI) Split(in *Input, b *Batch) *Refusal {
	var r *Refusal
	switch sniff(in.Body) {
	case 0:
		return emptyBody()
	case '{':
		r = f.splitJSON(in, b)
	case '[':
		return &Refusal{Kind: Unreadable, Field: "data", Detail: "data is missing: the body must be an object"}
	default:
		r = f.splitForm(in, b)
	}
	if r != nil {
		return r
	}
	f.addQuery(in, b)
	return b.closeContext()
}

func (f CAPI) splitJSON(in *Input, b *Batch) *Refusal {
	if r := check(in.Body, ""); r != nil {
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
			f.present(b, b.text(value))
		case "id": // the Node SDK repeats the dataset here
		default:
			if !IsCredential(string(name)) {
				b.addContext(key, value)
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
func (CAPI) present(b *Batch, secret []byte) {
	if b.Claim.Secret == "" {
		b.Claim.Secret = string(secret)
	}
}

// splitData adds the elements of data; data itself may be a JSON text in a string.
func (f CAPI) splitData(in *Input, b *Batch, data []byte) *Refusal {
	if jsonscan.Kind(data) == 's' {
		data = b.text(data)
		if r := check(data, "data"); r != nil {
			return r
		}
	}
	var refused *Refusal
	n := 0
	if !jsonscan.Array(data, func(value []byte) bool {
		refused = f.addEvent(in, b, value, n)
		n++
		return refused == nil
	}) {
		return &Refusal{Kind: Unreadable, Field: "data", Detail: "data must be an array of events"}
	}
	if refused != nil {
		return refused
	}
	if n == 0 {
		return &Refusal{Kind: Unreadable, Field: "data", Detail: "data holds no event"}
	}
	if _, graph := in.Answer.(Graph); graph && n > graphMax {
		return &Refusal{Kind: Unreadable, Field: "data", Detail: "data holds more than 1000 events"}
	}
	return nil
}

// addEvent adds an object, or the object that a string holds.
func (CAPI) addEvent(in *Input, b *Batch, value []byte, n int) *Refusal {
	if jsonscan.Kind(value) == 's' {
		text := b.text(value)
		if check(text, "data") == nil {
			value = jsonscan.Trim(text)
		}
	}
	if jsonscan.Kind(value) == 'o' {
		return b.add(in, 0, value)
	}
	if in.Answer.KeepsHopeless() {
		return &Refusal{Kind: Unreadable, Field: "data", Detail: "data[" + strconv.Itoa(n) + "] is not an object"}
	}
	return b.reject(0, "", fault.Undecodable, "not an object")
}

// addQuery adds Meta's parameters from the query to the context.
func (CAPI) addQuery(in *Input, b *Batch) {
	if in.Request.URL.RawQuery == "" {
		return
	}
	q := in.Request.URL.Query()
	for _, name := range graphParams {
		if v := q.Get(name); v != "" && !b.says(name) {
			b.addContextText(name, []byte(v))
		}
	}
}

// says looks whether an open context has a member already: the body goes before the query.
func (b *Batch) says(name string) bool {
	if len(b.Context) == 0 {
		return false
	}
	n := len(b.Context)
	found := jsonscan.Get(append(b.Context, '}'), name) != nil
	b.Context = b.Context[:n]
	return found
}

// Identify reads Meta's server event.
func (CAPI) Identify(in *Input, item []byte, id *Ident) fault.Reason {
	return identifyEvent(in, item, id)
}
