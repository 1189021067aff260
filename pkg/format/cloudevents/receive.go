package cloudevents

import (
	"bytes"
	"encoding/base64"
	"mime"
	"net/http"
	"slices"
	"strings"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// Receiver takes CloudEvents' requests apart.
type Receiver struct{}

// Greet answers the handshake: whoever asks may post to the sources of this route, as often as the least limited of them
// lets him. It proves nothing: each request still presents its secret.
func (Receiver) Greet(in *receive.Input, to receive.Candidates, reply *receive.Reply) bool {
	if in.Request.Method != http.MethodOptions {
		return false
	}
	reply.Headers = append(reply.Headers, receive.Header{Name: "Allow", Value: "POST, OPTIONS"})
	origin := in.Request.Header.Get("WebHook-Request-Origin")
	switch {
	case to == nil:
		receive.Own{}.Refused(reply, &receive.Refusal{Kind: receive.NotFound, Detail: "no such source"}, nil, "")
	case origin == "":
		receive.Own{}.Refused(reply, &receive.Refusal{Kind: receive.Unreadable, Field: "WebHook-Request-Origin", Detail: "the handshake names no origin"}, nil, "")
	default:
		reply.Status = http.StatusOK
		reply.Headers = append(reply.Headers, receive.Header{Name: "WebHook-Allowed-Origin", Value: origin}, receive.Header{Name: "WebHook-Allowed-Rate", Value: allowedRate(to.PerMinute())})
	}
	return true
}

// Split reads the mode off the content type, as the specification orders: by its prefix, and binary only by ce-* headers.
func (f Receiver) Split(in *receive.Input, b *receive.Batch) *receive.Refusal {
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
		return &receive.Refusal{Kind: receive.WrongEncoding, Field: "Content-Type", Detail: "the only event format taken is JSON"}
	}
	if c := params["charset"]; c != "" && !strings.EqualFold(c, "utf-8") && !strings.EqualFold(c, "us-ascii") {
		return &receive.Refusal{Kind: receive.WrongEncoding, Field: "Content-Type", Detail: "the only charset taken is UTF-8"}
	}
	if r := receive.CheckBody(in.Body); r != nil {
		return r
	}
	body := jsonscan.Trim(in.Body)
	if isBatch {
		return f.splitBatch(b, body)
	}
	if jsonscan.Kind(body) != 'o' {
		return &receive.Refusal{Kind: receive.Unreadable, Detail: "the body must be an event"}
	}
	return f.addOne(b, body)
}

// addOne adds the event that is all of a request: one that is none is refused, in the specification's words for what is
// wrong with it.
func (f Receiver) addOne(b *receive.Batch, obj []byte) *receive.Refusal {
	a, _ := readAttributes(nil, obj, &b.Scratch)
	if field, reason := a.wrong(&b.Scratch); reason != fault.None {
		return &receive.Refusal{Kind: receive.Unreadable, Field: field, Detail: "the body is no CloudEvent 1.0: " + string(reason)}
	}
	return f.add(b, obj)
}

// splitBatch takes an array; an empty one is right, too. What is no event costs none of its neighbours: it is stored, and the
// mapper says what is wrong with it.
func (f Receiver) splitBatch(b *receive.Batch, body []byte) *receive.Refusal {
	var refused *receive.Refusal
	if !jsonscan.Array(body, func(value []byte) bool {
		if jsonscan.Kind(value) == 'o' {
			refused = f.add(b, value)
		} else {
			refused = b.Add(value)
		}
		return refused == nil
	}) {
		return &receive.Refusal{Kind: receive.Unreadable, Detail: "the body must be an array of events"}
	}
	return refused
}

// add adds a structured event; the JSON in its data_base64 becomes its data.
func (Receiver) add(b *receive.Batch, obj []byte) *receive.Refusal {
	packed := jsonscan.Get(obj, attrDataBase64)
	if jsonscan.Kind(packed) != 's' || jsonscan.Get(obj, attrData) != nil {
		return b.Add(obj)
	}
	text := b.Text(packed)
	data := make([]byte, base64.StdEncoding.DecodedLen(len(text)))
	n, err := base64.StdEncoding.Decode(data, text)
	if err != nil {
		return b.Add(obj) // the mapper says so
	}
	if data = jsonscan.Trim(jsonscan.TrimMark(data[:n])); len(data) == 0 || receive.Check(data, "") != nil {
		return b.Add(obj) // no event of Meta's: the normalizer says so
	}
	start := len(b.Scratch)
	b.Scratch = append(b.Scratch, '{')
	jsonscan.Object(obj, func(key, value []byte) bool {
		b.Scratch = append(b.Scratch, '"')
		if string(jsonscan.Key(key, nil)) == attrDataBase64 {
			key, value = []byte(attrData), data
		}
		b.Scratch = append(append(b.Scratch, key...), '"', ':')
		b.Scratch = append(append(b.Scratch, value...), ',')
		return true
	})
	b.Scratch[len(b.Scratch)-1] = '}'
	return b.Add(b.Scratch[start:len(b.Scratch):len(b.Scratch)])
}

// splitBinary makes a structured event of the ce-* headers and the body.
func (f Receiver) splitBinary(in *receive.Input, b *receive.Batch, media string) *receive.Refusal {
	h := in.Request.Header
	var names []string
	for name := range h {
		if strings.HasPrefix(name, "Ce-") {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return &receive.Refusal{Kind: receive.Unreadable, Detail: "neither a cloudevents content type nor ce-* headers"}
	}
	slices.Sort(names)
	data, refusal := binaryData(in.Body, media)
	if refusal != nil {
		return refusal
	}
	start := len(b.Scratch)
	b.Scratch = append(b.Scratch, '{')
	for _, name := range names {
		attribute := strings.ToLower(name[len("Ce-"):])
		if attribute == "" || strings.HasPrefix(attribute, "data") || receive.IsCredential(attribute) {
			continue
		}
		value, ok := headerValue(h.Get(name))
		if !ok {
			return &receive.Refusal{Kind: receive.Unreadable, Detail: "a ce-* header is no percent-encoded UTF-8"}
		}
		b.Scratch = append(jsonscan.AppendString(b.Scratch, []byte(attribute)), ':')
		b.Scratch = append(jsonscan.AppendString(b.Scratch, value), ',')
	}
	b.Scratch = append(b.Scratch, `"`+attrContentType+`":`...)
	b.Scratch = jsonscan.AppendString(b.Scratch, []byte(media))
	b.Scratch = append(append(b.Scratch, data...), '}')
	return f.addOne(b, b.Scratch[start:len(b.Scratch):len(b.Scratch)])
}

// binaryData is the data member of a binary event, with a comma before it: JSON as it came, anything else packed.
func binaryData(body []byte, media string) ([]byte, *receive.Refusal) {
	trimmed := bytes.TrimSpace(body)
	if len(trimmed) == 0 {
		return nil, nil
	}
	isJSON := media == "" || media == "application/json" || media == "text/json" || strings.HasSuffix(media, "+json")
	if r := receive.Check(trimmed, attrData); r == nil {
		return append([]byte(`,"`+attrData+`":`), trimmed...), nil
	} else if isJSON {
		return nil, r
	}
	data := append([]byte(`,"`+attrDataBase64+`":"`), base64.StdEncoding.EncodeToString(body)...)
	return append(data, '"'), nil
}

// Identify reads the event's attributes. Its id is the event_id, unless the data is one of Meta's events with its own.
func (Receiver) Identify(in *receive.Input, item []byte, id *receive.Ident) fault.Reason {
	a, ok := readAttributes(nil, item, &in.Scratch)
	if !ok {
		return fault.Undecodable
	}
	id.EventID = in.EventID(a.id)
	id.HasTime = receive.IsPresent(a.when)
	nameData(in, &a, id)
	var reason fault.Reason
	id.Field, reason = a.wrong(&in.Scratch)
	return reason
}

// nameData reads who the data is about, and whether it is Meta's event already.
func nameData(in *receive.Input, a *attributes, id *receive.Ident) {
	data := a.data
	if jsonscan.Kind(data) != 'o' {
		return
	}
	user := jsonscan.Get(data, "user_data")
	if a.isMetas() {
		id.EventID = receive.FirstOf(in.EventID(jsonscan.Get(data, "event_id")), id.EventID)
	}
	if !receive.IsGiven(user) {
		user = jsonscan.Get(data, "user")
	}
	if id.Person = in.Person(user); id.Person == nil {
		id.Person = in.Person(data)
	}
	id.HasTime = id.HasTime || jsonscan.Get(data, "event_time") != nil
}
