package ga4mp

import (
	"fmt"
	"net/http"
	"strconv"

	"github.com/omnicapi/omnicapi/pkg/format/dialect/google"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// Google's limits of a request of the Measurement Protocol: its validator names what breaks them, its collector does
// not care, nor do we.
const (
	maxEvents = 25
	maxParams = 25
	maxName   = 40
)

// The validator's codes.
const (
	valueInvalid  = "VALUE_INVALID"
	valueRequired = "VALUE_REQUIRED"
	nameInvalid   = "NAME_INVALID"
	tooManyOfThem = "EXCEEDED_MAX_ENTITIES"
)

// validator is the answer of /debug/mp/collect, which Greet gives but for a body that cannot be unpacked.
type validator struct{ google.Answer }

// Refused says of a broken body what is wrong; anything else is as at /mp/collect.
func (v validator) Refused(reply *receive.Reply, f *receive.Refusal, b *receive.Batch, traceID string) {
	if f.Kind != receive.Unreadable {
		v.Answer.Refused(reply, f, b, traceID)
		return
	}
	said := &findings{append(reply.Body[:0], `{"validationMessages":[`...)}
	said.say("", valueInvalid, "The body is broken or cut off.")
	reply.Status, reply.ContentType, reply.Body = http.StatusOK, "application/json; charset=utf-8", append(said.d, `]}`...)
}

// findings is the list of a validator's answer while it is written.
type findings struct{ d []byte }

// say adds a finding; texts are ours and quote nothing of the request.
func (f *findings) say(path, code, text string) {
	if f.d[len(f.d)-1] != '[' {
		f.d = append(f.d, ',')
	}
	f.d = append(f.d, `{"fieldPath":`...)
	f.d = jsonscan.AppendString(f.d, []byte(path))
	f.d = append(f.d, `,"description":`...)
	f.d = jsonscan.AppendString(f.d, []byte(text))
	f.d = append(f.d, `,"validationCode":"`...)
	f.d = append(append(f.d, code...), `"}`...)
}

// validate appends what the validator says of a request: {"validationMessages":[…]}, empty if it is right.
func (f Receiver) validate(in *receive.Input, to receive.Candidates, d []byte) []byte {
	said := &findings{append(d, `{"validationMessages":[`...)}
	claim := f.Claim(in.Request)
	if to == nil || !to.Admits(claim) {
		said.say("measurement_id", valueInvalid, "The measurement_id or firebase_app_id is unknown here, or the api_secret is wrong.")
	}
	if r := receive.Check(in.Body, ""); r != nil || jsonscan.Kind(in.Body) != 'o' {
		said.say("", valueInvalid, "The body must be a JSON object.")
	} else {
		said.request(in.Body, in.Request.URL.Query().Has("firebase_app_id"))
	}
	return append(said.d, `]}`...)
}

func (f *findings) request(body []byte, app bool) {
	who := memberClient
	if app {
		who = memberInstance
	}
	if !receive.IsGiven(jsonscan.Get(body, who)) {
		f.say(who, valueRequired, "The field is required.")
	}
	if when := jsonscan.Get(body, memberTime); when != nil && !receive.ReadableTime(when, nil) {
		f.say(memberTime, valueInvalid, "The value must be Unix time in microseconds.")
	}
	n := 0
	ok := jsonscan.Array(jsonscan.Get(body, "events"), func(event []byte) bool {
		if n < maxEvents {
			f.event("events["+strconv.Itoa(n)+"]", event)
		}
		n++
		return true
	})
	switch {
	case !ok || n == 0:
		f.say("events", valueRequired, "The field must be a list of events.")
	case n > maxEvents:
		f.say("events", tooManyOfThem, fmt.Sprintf("The list has more than %d events.", maxEvents))
	}
}

func (f *findings) event(path string, event []byte) {
	if jsonscan.Kind(event) != 'o' {
		f.say(path, valueInvalid, "The event must be an object.")
		return
	}
	switch name := jsonscan.Get(event, "name"); {
	case !receive.IsGiven(name):
		f.say(path+".name", valueRequired, "The field is required.")
	case !isGoogleName(jsonscan.Text(name, nil)):
		f.say(path+".name", nameInvalid, fmt.Sprintf("The name must start with a letter, hold letters, digits and underscores only, and have at most %d characters.", maxName))
	}
	params, n := jsonscan.Get(event, "params"), 0
	if params != nil && !jsonscan.Object(params, func(key, _ []byte) bool {
		if n++; !isGoogleName(jsonscan.Key(key, nil)) {
			f.say(path+".params", nameInvalid, fmt.Sprintf("A parameter's name must start with a letter, hold letters, digits and underscores only, and have at most %d characters.", maxName))
		}
		return n <= maxParams
	}) {
		f.say(path+".params", valueInvalid, "The field must be an object.")
	}
	if n > maxParams {
		f.say(path+".params", tooManyOfThem, fmt.Sprintf("The event has more than %d parameters.", maxParams))
	}
	if receive.IsGiven(jsonscan.Get(params, "value")) && !receive.IsGiven(jsonscan.Get(params, "currency")) {
		f.say(path+".params.currency", valueRequired, "The field is required with value.")
	}
}

func isGoogleName(name []byte) bool {
	for i, c := range name {
		letter := 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
		if !letter && (i == 0 || c != '_' && (c < '0' || c > '9')) {
			return false
		}
	}
	return len(name) > 0 && len(name) <= maxName
}
