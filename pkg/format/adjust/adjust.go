// Package adjust is Adjust's callbacks to a URL that we hand out: one event in its query (or in a form, as its names
// are there). README.md has the template. The token in the URL is the secret: Adjust signs nothing.
package adjust

import (
	"net/http"

	"github.com/omnicapi/omnicapi/pkg/format"
	"github.com/omnicapi/omnicapi/pkg/format/dialect/appevent"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
)

// Format is the format adjust.
var Format = format.Format{
	Name:     "adjust",
	Channels: []string{"app"},

	Routes:   []receive.Route{{Methods: []string{http.MethodGet, http.MethodPost}, Pattern: "/v1/app/adjust"}},
	Receiver: Receiver{},
	// Adjust reads nothing of an answer but its status.
	Answer:  receive.Hook{Denied: http.StatusForbidden},
	Manners: format.Manners{Taken: []int{200}, Unreadable: []int{400}, Denied: []int{403}},
	NoRetry: true, // Adjust documents no repeats

	Mapper:       Mapper{},
	ActionSource: "app",
	Names:        appevent.Names,
}
