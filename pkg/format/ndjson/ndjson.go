// Package ndjson is a file of Meta's server events, one a line.
package ndjson

import (
	"github.com/omnicapi/omnicapi/pkg/format"
	"github.com/omnicapi/omnicapi/pkg/format/dialect/serverevent"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/pkg/topic"
)

// Format is what a source may name as ndjson.
var Format = format.Format{
	Name:        "ndjson",
	Channels:    topic.Channels,
	ContentType: "application/x-ndjson",
	Answer:      receive.Own{},
	Manners:     format.Manners{Taken: []int{202}, Unreadable: []int{400}, Denied: []int{401}},
	Receiver:    Receiver{},
	Mapper:      serverevent.Mapper{},
}
