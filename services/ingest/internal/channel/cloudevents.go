package channel

import (
	"bytes"
	"encoding/base64"
	"mime"
	"net/http"
	"slices"
	"strings"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// CloudEvents is the CloudEvents 1.0 HTTP binding: structured, binary and batch. Whatever the mode, an item is the
// structured event as JSON, its data as JSON where it is that.
type CloudEvents struct{}

// Name is cloudevents.
func (CloudEvents) Name() string { return "cloudevents" }

// Routes is one; OPTIONS is the handshake of the specification's webhooks.
func (f CloudEvents) Routes() []Route {
	methods := []string{http.MethodPost, http.MethodOptions}
	return []Route{{Methods: methods, Pattern: "/v1/platform/cloudevents", Answer: f.Answer()}}
}

// Answer is ours: 202, 400, 401, 415.
func (CloudEvents) Answer() Answer { return Own{} }

// Claim reads Authorization or ?access_token=, as the specification says.
func (CloudEvents) Claim(r *http.Request) Claim { return headClaim(r) }

// BodyClaims implements Format: never.
func (CloudEvents) BodyClaims(Claim) bool { return false }

// Greet answers the handshake: whoever asks may post to the sources of this route, as often as the least limited of them
// lets him. It proves nothing: each request still presents its secret.
func (CloudEvents) Greet(in *Input, to Candidates, reply *Reply) bool {
	if in.Request.Method != http.MethodOptions {
		return false
	}
	reply.Headers = append(reply.Headers, Header{"Allow", "POST, OPTIONS"})
	origin := in.Request.Header.Get("WebHook-Request-Origin")
	switch {
	case to == nil:
		Own{}.Refused(reply, &Refusal{Kind: NotFound, Detail: "no such source"}, nil, "")
	case origin == "":
		Own{}.Refused(reply, &Refusal{Kind: Unreadable, Field: "WebHook-Request-Origin", Detail: "the handshake names no origin"}, nil, "")
	default:
		reply.Status = http.StatusOK
		reply.Headers = append(reply.Headers, Header{"WebHook-Allowed-Origin", origin}, Header{"WebHook-Allowed-Rate", allowedRate(to.PerMinute())})
	}
	return true
}

// Split reads the mode off the content type, as the specification orders: by its prefix, and binary only by ce-* headers.
func (f CloudEvents) Split(in *Input, b *Batch) *Refusal {
	media, params, err := mime.ParseMediaType(in.Request.Header.Get("Content-Type"))
	if err != nil {
		media = ""
	}
	const single, batch = "application/cloudevents", "application/cloudevents-batch"
	format, isBatch := strings.CutPrefix(media, batch)
	if !isBatch {
		var isSingle bool
		if format, isSingle = strings.CutPrefix(media, single); !isSingle {
			return f.splitBinary(in, b, media)
		}
	}
	if format != "+json" && format != "" {
		return &Refusal{Kind: WrongEncoding, Field: "Content-Type", Detail: "the only event format taken is JSON"}
	}
	if c := params["charset"]; c != "" && !strings.EqualFold(c, "utf-8") && !strings.EqualFold(c, "us-ascii") {
		return &Refusal{Kind: WrongEncoding, Field: "Content-Type", Detail: "the only charset taken is UTF-8"}
	}
	if sniff(in.Body) == 0 {
		return emptyBody()
	}
	if r := check(in.Body, ""); r != nil {
		return r
	}
	body := jsonscan.Trim(in.Body)
	if isBatch {
		return f.splitBatch(in, b, body)
	}
	if jsonscan.Kind(body) != 'o' {
		return &Refusal{Kind: Unreadable, Detail: "the body must be an event"}
	}
	return f.add(in, b, body)
}

// splitBatch takes an array; an empty one is right, too.
func (f CloudEvents) splitBatch(in *Input, b *Batch, body []byte) *Refusal {
	var refused *Refusal
	if !jsonscan.Array(body, func(value []byte) bool {
		if jsonscan.Kind(value) == 'o' {
			refused = f.add(in, b, value)
		} else {
			refused = b.reject(0, "", fault.Undecodable, "not an object")
		}
		return refused == nil
	}) {
		return &Refusal{Kind: Unreadable, Detail: "the body must be an array of events"}
	}
	return refused
}

// add adds a structured event; the JSON in its data_base64 becomes its data.
func (CloudEvents) add(in *Input, b *Batch, obj []byte) *Refusal {
	packed := jsonscan.Get(obj, "data_base64")
	if jsonscan.Kind(packed) != 's' || jsonscan.Get(obj, "data") != nil {
		return b.add(in, 0, obj)
	}
	text := b.text(packed)
	data := make([]byte, base64.StdEncoding.DecodedLen(len(text)))
	n, err := base64.StdEncoding.Decode(data, text)
	if err != nil {
		return b.reject(0, "data_base64", fault.InvalidField, "no base64")
	}
	if data = jsonscan.Trim(data[:n]); len(data) == 0 || check(data, "") != nil {
		return b.add(in, 0, obj) // no event of Meta's: the normalizer says so
	}
	start := len(b.Scratch)
	b.Scratch = append(b.Scratch, '{')
	jsonscan.Object(obj, func(key, value []byte) bool {
		b.Scratch = append(b.Scratch, '"')
		if string(jsonscan.Key(key, nil)) == "data_base64" {
			key, value = []byte("data"), data
		}
		b.Scratch = append(append(b.Scratch, key...), '"', ':')
		b.Scratch = append(append(b.Scratch, value...), ',')
		return true
	})
	b.Scratch[len(b.Scratch)-1] = '}'
	return b.add(in, 0, b.Scratch[start:len(b.Scratch):len(b.Scratch)])
}

// splitBinary makes a structured event of the ce-* headers and the body.
func (f CloudEvents) splitBinary(in *Input, b *Batch, media string) *Refusal {
	h := in.Request.Header
	var names []string
	for name := range h {
		if strings.HasPrefix(name, "Ce-") {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return &Refusal{Kind: Unreadable, Detail: "neither a cloudevents content type nor ce-* headers"}
	}
	slices.Sort(names)
	data, refusal := f.binaryData(in, b, media)
	if refusal != nil {
		return refusal
	}
	start := len(b.Scratch)
	b.Scratch = append(b.Scratch, '{')
	for _, name := range names {
		attribute := strings.ToLower(name[len("Ce-"):])
		if attribute == "" || strings.HasPrefix(attribute, "data") || IsCredential(attribute) {
			continue
		}
		value, ok := headerValue(h.Get(name))
		if !ok {
			return &Refusal{Kind: Unreadable, Detail: "a ce-* header is no percent-encoded UTF-8"}
		}
		b.Scratch = append(jsonscan.AppendString(b.Scratch, []byte(attribute)), ':')
		b.Scratch = append(jsonscan.AppendString(b.Scratch, value), ',')
	}
	b.Scratch = append(b.Scratch, `"datacontenttype":`...)
	b.Scratch = jsonscan.AppendString(b.Scratch, []byte(media))
	b.Scratch = append(append(b.Scratch, data...), '}')
	return b.add(in, 0, b.Scratch[start:len(b.Scratch):len(b.Scratch)])
}

// binaryData is the data member of a binary event, with a comma before it: JSON as it came, anything else packed.
func (CloudEvents) binaryData(in *Input, b *Batch, media string) ([]byte, *Refusal) {
	body := bytes.TrimSpace(in.Body)
	if len(body) == 0 {
		return nil, nil
	}
	isJSON := media == "" || media == "application/json" || media == "text/json" || strings.HasSuffix(media, "+json")
	if r := check(body, "data"); r == nil {
		return append([]byte(`,"data":`), body...), nil
	} else if isJSON {
		return nil, r
	}
	data := append([]byte(`,"data_base64":"`), base64.StdEncoding.EncodeToString(in.Body)...)
	return append(data, '"'), nil
}

// Identify reads the event's attributes. Its id is the event_id, unless the data is one of Meta's events with its own.
func (CloudEvents) Identify(in *Input, item []byte, id *Ident) fault.Reason {
	var version, own, source, kind, when, data []byte
	jsonscan.Object(item, func(key, value []byte) bool {
		switch string(jsonscan.Key(key, &in.text)) {
		case "specversion":
			version = in.first(value)
		case "id":
			own = jsonscan.Text(value, &in.text)
		case "source":
			source = in.first(value)
		case "type":
			kind = in.first(value)
		case "time":
			when = value
		case "data":
			data = value
		}
		return true
	})
	if usableID(own) {
		id.EventID = own
	}
	id.HasTime = when != nil && jsonscan.Kind(when) != 'z'
	in.cloudData(data, id)
	for _, required := range []struct {
		name  string
		value []byte
	}{{"specversion", version}, {"id", id.EventID}, {"source", source}, {"type", kind}} {
		if len(required.value) == 0 {
			id.Field = required.name
			return fault.MissingField
		}
	}
	switch {
	case !bytes.HasPrefix(version, []byte("1.")):
		id.Field = "specversion"
		return fault.InvalidField
	case jsonscan.Kind(when) != 0 && jsonscan.Kind(when) != 'z' && !readableTime(when, &in.text):
		id.Field = "time"
		return fault.InvalidField
	}
	return fault.None
}

// cloudData reads who the data is about, and whether it is Meta's event already.
func (in *Input) cloudData(data []byte, id *Ident) {
	if jsonscan.Kind(data) != 'o' {
		return
	}
	user := jsonscan.Get(data, "user_data")
	if given(user) || given(jsonscan.Get(data, "event_name")) {
		if own := jsonscan.Text(jsonscan.Get(data, "event_id"), &in.text); usableID(own) {
			id.EventID = own
		}
	}
	if !given(user) {
		user = jsonscan.Get(data, "user")
	}
	if id.Person = in.person(user); id.Person == nil {
		id.Person = in.person(data)
	}
	id.HasTime = id.HasTime || jsonscan.Get(data, "event_time") != nil
}
