// Package ndjson is a file of Meta's server events, one a line.
package ndjson

import (
	"github.com/omnicapi/omnicapi/pkg/format"
	"github.com/omnicapi/omnicapi/pkg/format/dialect/serverevent"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/pkg/topic"
)

// Format is the format ndjson.
var Format = format.Format{
	Name:      "ndjson",
	Channels:  topic.Channels,
	Certified: true,

	ContentType: "application/x-ndjson",
	Receiver:    Receiver{},
	Answer:      receive.Own{},
	Manners:     format.Manners{Taken: []int{202}, Unreadable: []int{400}, Denied: []int{401}},

	Mapper: serverevent.Mapper{},
}
