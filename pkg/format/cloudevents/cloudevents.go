// Package cloudevents is the CloudEvents 1.0 HTTP binding: structured, binary and batch. Whatever the mode, an item is the
// structured event as JSON, its data as JSON where it is that.
package cloudevents

import (
	"net/http"

	"github.com/omnicapi/omnicapi/pkg/format"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
)

// answers is ours: 202, 400, 401, 415.
var answers = receive.Own{}

// Format is what a source may name as cloudevents.
var Format = format.Format{
	Name:         "cloudevents",
	Channels:     []string{"platform"},
	Routes:       []receive.Route{{Methods: []string{http.MethodPost, http.MethodOptions}, Pattern: "/v1/platform/cloudevents", Answer: answers}},
	Answer:       answers,
	Manners:      format.Manners{Taken: []int{202}, Unreadable: []int{400}, Denied: []int{401}},
	Receiver:     Receiver{},
	Mapper:       Mapper{},
	ActionSource: "system_generated",
	Names:        names,
}
