// Package metaopenbridge is the copy of every browser event that the real Meta Pixel posts to a host of the shop's:
// fbq('set','openbridge',PIXEL,'https://…/v1/website/openbridge') makes it append /events.
package metaopenbridge

import (
	"net/http"

	"github.com/omnicapi/omnicapi/pkg/format"
	"github.com/omnicapi/omnicapi/pkg/format/dialect/fbpixel"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
)

// Format is the format meta.openbridge.
var Format = format.Format{
	Name:     "meta.openbridge",
	Channels: []string{"website"},

	Browser:    true,
	PageSecret: true,

	Routes:   []receive.Route{{Methods: []string{http.MethodPost}, Pattern: "/v1/website/openbridge/events"}},
	Receiver: Receiver{},
	// An empty 200: the Pixel reads nothing.
	Answer:  answer{},
	Manners: format.Manners{Taken: []int{200}, Unreadable: []int{400}, Denied: []int{401}},
	NoRetry: true, // the Pixel does not repeat

	Mapper:       Mapper{},
	ActionSource: "website",
	Names:        fbpixel.Names,
}
