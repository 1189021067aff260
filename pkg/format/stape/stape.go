// Package stape is what Stape's Data Tag sends to a Data Client at /data: events in Google's common names, as JSON, as
// a form with dotted names, or in a query (dtcd: JSON, dtdc: JSON in base64). A page sends it by its Origin, a server
// by a secret.
package stape

import (
	"net/http"

	"github.com/omnicapi/omnicapi/pkg/format"
	"github.com/omnicapi/omnicapi/pkg/format/dialect/google"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
)

// Format is the format stape.
var Format = format.Format{
	Name:     "stape",
	Channels: []string{"tagmanager"},

	Browser: true,

	Routes:      []receive.Route{{Methods: []string{http.MethodGet, http.MethodPost}, Pattern: "/data"}},
	EventParams: []string{"dtcd", "dtdc"},
	Receiver:    Receiver{},
	// The Data Client's: the event's id to a post, an image to a query.
	Answer:  answer{receive.Hook{Denied: http.StatusForbidden}},
	Manners: format.Manners{Taken: []int{200}, Unreadable: []int{400}, Denied: []int{403}},
	NoRetry: true, // the Data Tag does not repeat

	Mapper:       Mapper{},
	ActionSource: "website",
	Names:        google.Names,
}
