// Package appsflyer is AppsFlyer's Push API, version 2: one flat event a request, as JSON or as a query with the same
// names. Its secret is the value of a header whose name the advertiser chooses.
package appsflyer

import (
	"net/http"

	"github.com/omnicapi/omnicapi/pkg/format"
	"github.com/omnicapi/omnicapi/pkg/format/dialect/appevent"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
)

// Format is the format appsflyer.
var Format = format.Format{
	Name:     "appsflyer",
	Channels: []string{"app"},

	Routes:   []receive.Route{{Methods: []string{http.MethodPost, http.MethodGet}, Pattern: "/v1/app/appsflyer"}},
	Receiver: Receiver{},
	IDs:      []string{"appsflyer-"},
	// AppsFlyer reads nothing of an answer but its status.
	Answer:  receive.Hook{Denied: http.StatusForbidden},
	Manners: format.Manners{Taken: []int{200}, Unreadable: []int{400}, Denied: []int{403}},
	NoRetry: true, // AppsFlyer documents no repeats of Push API calls

	Mapper:       Mapper{},
	ActionSource: "app",
	Names:        appevent.Names,
}
