// Package cloudevents is the CloudEvents 1.0 HTTP binding: structured, binary and batch. Whatever the mode, an item is
// the structured event as JSON, its data as JSON where it is that.
package cloudevents

import (
	"net/http"

	"github.com/omnicapi/omnicapi/pkg/format"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
)

// Format is the format cloudevents.
var Format = format.Format{
	Name:      "cloudevents",
	Channels:  []string{"platform"},
	Certified: true,

	// OPTIONS is the handshake by which a sender asks whether it may post.
	Routes:      []receive.Route{{Methods: []string{http.MethodPost, http.MethodOptions}, Pattern: "/v1/platform/cloudevents"}},
	ContentType: "application/cloudevents+json",
	ListType:    "application/cloudevents-batch+json",
	Receiver:    Receiver{},
	Answer:      Answer{},
	Manners:     format.Manners{Taken: []int{202}, Unreadable: []int{400}, Denied: []int{401}},

	Mapper:       Mapper{},
	ActionSource: "system_generated",
	Names:        names,
}
