// Package branch is Branch's webhooks with their default body, one event each. The token in the URL is the secret:
// Branch signs nothing.
package branch

import (
	"net/http"

	"github.com/omnicapi/omnicapi/pkg/format"
	"github.com/omnicapi/omnicapi/pkg/format/dialect/appevent"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
)

// Format is the format branch.
var Format = format.Format{
	Name:     "branch",
	Channels: []string{"app"},

	Routes:   []receive.Route{{Methods: []string{http.MethodPost}, Pattern: "/v1/app/branch"}},
	Receiver: Receiver{},
	// Branch reads nothing of an answer but its status.
	Answer:  receive.Hook{Denied: http.StatusForbidden},
	Manners: format.Manners{Taken: []int{200}, Unreadable: []int{400}, Denied: []int{403}},
	NoRetry: true, // Branch documents no repeats

	Mapper:       Mapper{},
	ActionSource: "app",
	Names:        appevent.Names,
}
