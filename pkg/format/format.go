// Package format says what there is to know of one way of posting events: who sends so, where, how it is proven, answered,
// taken apart and read. Each folder here is one such sender: its Format, its receiver and mapper, its event names, its
// recorded requests with what becomes of them, its tests, and the page for those who point a sender here. Beside them lie
// two kernels, receive and mapping, and under dialect what several senders speak alike; package all is the list. Ingest,
// normalizer, configuration and command walk that list. It refuses to know a service, Kafka, or how an event is hashed.
package format

import (
	"bytes"
	"embed"

	"github.com/omnicapi/omnicapi/pkg/format/mapping"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
	"github.com/omnicapi/omnicapi/pkg/signature"
)

// Format is all that is known of one format: what it is, who may send it, how it is received, what it means.
type Format struct {
	Name     string   // in the configuration
	Channels []string // that a source of it may serve
	Mapping  bool     // its sources need a mapping file, which says what their members or columns mean

	Signature  signature.Scheme // by which its requests prove themselves; nil: by a secret that they present
	Certified  bool             // its senders are machines of the operator's own, which may show a client certificate instead of a secret
	Verify     bool             // its sender verifies the endpoint with a verify token
	Browser    bool             // pages post it: a source's origins may stand for its secrets
	PageSecret bool             // what its pages present for a secret is in the page: it proves nothing of a source that has origins
	Shop       bool             // the key of a source is a shop's address
	Keyless    bool             // its requests name no key: a source's own does not tell it from others

	Routes      []receive.Route  // where its senders expect it, beside /v1/sources/{source}
	ContentType string           // of a body that says none; "": what its first byte says
	ListType    string           // of one that is a JSON list, if that is another
	EventParams []string         // of a query, that hold the event itself: the event is stored, they are not
	Receiver    receive.Receiver // takes its requests apart
	IDs         []string         // what the ids begin with that it makes by a template: unproven senders of other formats may not give them
	Answer      receive.Answer   // of all its routes, unless one says otherwise
	Manners     Manners          // the statuses of that answer
	NoRetry     bool             // its sender repeats nothing that was not taken: ingest.spool keeps it
	TurnsOff    bool             // its sender stops for good after a few refusals: it is not rate-limited

	Mapper       mapping.Mapper // makes Meta's events of what the receiver stored
	Lookup       bool           // its events are completed from Meta, with the source's token
	AnySource    bool           // its items say any action_source of Meta's: what is not of the source's channel is replaced
	ActionSource string         // of its events that do not say; "": the channel decides
	Names        *mapping.Names // its event names; nil: its senders use Meta's
}

// AnswerAt is how requests to one of the format's routes are answered.
func (f *Format) AnswerAt(route *receive.Route) receive.Answer {
	if route.Answer != nil {
		return route.Answer
	}
	return f.Answer
}

// NoRetryAt is whether what is posted to one of the format's routes comes once, taken or not.
func (f *Format) NoRetryAt(route *receive.Route) bool { return f.NoRetry || route.NoRetry }

// BodyType is the content type of a body that says none: the format's own, else what the body looks like.
func (f *Format) BodyType(body []byte) string {
	first := byte(0)
	if t := bytes.TrimSpace(jsonscan.TrimMark(body)); len(t) > 0 {
		first = t[0]
	}
	switch {
	case f.ListType != "" && first == '[':
		return f.ListType
	case f.ContentType != "":
		return f.ContentType
	case first == '<':
		return "text/xml"
	case first == '{' || first == '[':
		return "application/json"
	}
	return "application/x-www-form-urlencoded"
}

// Manners are how its senders are answered, by status: when a request is taken, when it cannot be read, and when nothing
// proves who sent it.
type Manners struct{ Taken, Unreadable, Denied []int }

// Recorded is each format's recorded requests: FOLDER/recorded/CASE.http and what becomes of them.
//
//go:embed */recorded
var Recorded embed.FS
