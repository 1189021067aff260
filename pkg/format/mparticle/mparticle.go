// Package mparticle is mParticle's Events API, and its webhooks, which post the same: batches of events of one person each. An
// item is {"batch":…,"event":…}: what the batch says of person, device, app and consent goes with each of its events.
package mparticle

import (
	"net/http"

	"github.com/omnicapi/omnicapi/pkg/format"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
)

// answers is mParticle's.
var answers = answer{}

// Format is what a source may name as mparticle.
var Format = format.Format{
	Name:     "mparticle",
	Channels: []string{"cdp"},
	Routes: []receive.Route{
		{Methods: []string{http.MethodPost}, Pattern: "/v2/events", Answer: answers},
		{Methods: []string{http.MethodPost}, Pattern: "/v2/bulkevents", Answer: answers},
	},
	Answer:       answers,
	Manners:      format.Manners{Taken: []int{202}, Unreadable: []int{400}, Denied: []int{401, 403}},
	Receiver:     Receiver{},
	Mapper:       Mapper{},
	ActionSource: "system_generated",
	Names:        names,
}
