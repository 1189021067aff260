// Package capi is Meta's own wire format: its SDKs, tags and gateways post to us by changing only their host.
package capi

import (
	"net/http"

	"github.com/omnicapi/omnicapi/pkg/format"
	"github.com/omnicapi/omnicapi/pkg/format/dialect/serverevent"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/pkg/topic"
)

// Format is the format capi.
var Format = format.Format{
	Name:      "capi",
	Channels:  topic.Channels,
	Certified: true,

	// The first is Meta's own path, answered in Meta's words; at the others we answer in ours.
	Routes: []receive.Route{
		{Methods: []string{http.MethodPost}, Pattern: `/v{version:[0-9]+(?:\.[0-9]+)?}/{dataset:[0-9]+}/events`, Answer: Answer{}},
		{Methods: []string{http.MethodPost}, Pattern: `/capi/{dataset:[0-9]+}/events`},
		{Methods: []string{http.MethodPost}, Pattern: `/v1/{channel:[a-z]+}/events`},
	},
	Receiver: Receiver{},
	Answer:   receive.Own{},
	// Taken and denied as Meta says it first, then as we do.
	Manners: format.Manners{Taken: []int{200, 202}, Unreadable: []int{400}, Denied: []int{400, 401}},

	AnySource: true,
	Mapper:    serverevent.Mapper{Params: true},
}
