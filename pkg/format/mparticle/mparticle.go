// Package mparticle is mParticle's Events API, and its webhooks, which post the same: batches of events of one person
// each. An item is {"batch":…,"event":…}: what the batch says of person, device, app and consent goes with each of its
// events.
package mparticle

import (
	"net/http"

	"github.com/omnicapi/omnicapi/pkg/format"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
)

// Format is the format mparticle.
var Format = format.Format{
	Name:     "mparticle",
	Channels: []string{"cdp"},

	Routes: []receive.Route{
		{Methods: []string{http.MethodPost}, Pattern: "/v2/events"},
		{Methods: []string{http.MethodPost}, Pattern: "/v2/bulkevents"},
	},
	Receiver: Receiver{},
	Answer:   answer{},
	// Denied: 401 without credentials, 403 with wrong ones.
	Manners: format.Manners{Taken: []int{202}, Unreadable: []int{400}, Denied: []int{401, 403}},

	Mapper:       Mapper{},
	ActionSource: "system_generated",
	Names:        names,
}
