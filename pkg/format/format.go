// Package format says what there is to know of one way of posting events: who sends so, where, how it is proven, answered,
// taken apart and read. Each folder here is one such sender: its Format, its receiver and mapper, its event names, its
// recorded requests with what becomes of them, its tests, and the page for those who point a sender here. Beside them lie
// two kernels, receive and mapping, and under dialect what several senders speak alike; package all is the list. Ingest,
// normalizer, configuration and command walk that list. It refuses to know a service, Kafka, or how an event is hashed.
package format

import (
	"embed"

	"github.com/omnicapi/omnicapi/pkg/format/mapping"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/pkg/signature"
)

// Format is all that is known of one format.
type Format struct {
	Name     string   // in the configuration
	Channels []string // that it may serve

	Browser bool // pages post it: origins may stand for secrets
	Mapping bool // it needs a mapping file
	Verify  bool // its sender verifies the endpoint with a verify token
	Lookup  bool // its events are looked up with the source's token
	NoRetry bool // its sender never repeats what is refused: it is not rate-limited
	Shop    bool // its key is a shop's address

	Signature   signature.Scheme // by which its requests prove themselves; nil: by a secret that they present
	ContentType string           // of a body that says none; "": what its first byte says
	EventParams []string         // of a query, that hold the event itself: the event is stored, they are not

	Routes   []receive.Route // where its senders expect it, beside /v1/sources/{source}
	Answer   receive.Answer  // at /v1/sources/{source}
	Manners  Manners
	Receiver receive.Receiver

	Mapper       mapping.Mapper
	ActionSource string         // of its events that do not say; "": the channel decides
	Names        *mapping.Names // its event names; nil: its senders use Meta's
}

// Manners are how its senders are answered, by status: when a request is taken, when it cannot be read, and when nothing
// proves who sent it.
type Manners struct{ Taken, Unreadable, Denied []int }

// Recorded is each format's recorded requests: FOLDER/recorded/CASE.http and what becomes of them.
//
//go:embed */recorded
var Recorded embed.FS
