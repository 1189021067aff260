// Package appsflyer is AppsFlyer's Push API, version 2: one flat event a request, as JSON or as a query with the same names. Its
// secret is the value of a header whose name the advertiser chooses.
package appsflyer

import (
	"net/http"

	"github.com/omnicapi/omnicapi/pkg/format"
	"github.com/omnicapi/omnicapi/pkg/format/dialect/appevent"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
)

// answers is an empty 200, 403 for a wrong secret.
var answers = receive.Hook{Denied: http.StatusForbidden}

// Format is what a source may name as appsflyer.
var Format = format.Format{
	Name:         "appsflyer",
	Channels:     []string{"app"},
	Routes:       []receive.Route{{Methods: []string{http.MethodPost, http.MethodGet}, Pattern: "/v1/app/appsflyer", Answer: answers}},
	Answer:       answers,
	Manners:      format.Manners{Taken: []int{200}, Unreadable: []int{400}, Denied: []int{403}},
	Receiver:     Receiver{},
	Mapper:       Mapper{},
	ActionSource: "app",
	Names:        appevent.Names,
}
