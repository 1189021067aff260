// Package ga4mp is the Measurement Protocol of Google Analytics 4: {"client_id",…,"events":[{"name","params"}]} from servers and
// apps, with measurement id (or Firebase app id) and API secret in the query.
package ga4mp

import (
	"net/http"

	"github.com/omnicapi/omnicapi/pkg/format"
	"github.com/omnicapi/omnicapi/pkg/format/dialect/google"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
)

// Format is what a source may name as ga4.mp.
var Format = format.Format{
	Name:     "ga4.mp",
	Channels: []string{"tagmanager"},
	Routes: []receive.Route{
		{Methods: []string{http.MethodPost}, Pattern: "/mp/collect", Answer: google.Answer{}},
		{Methods: []string{http.MethodPost}, Pattern: debugPath, Answer: validator{}},
	},
	// Answer is Google's.
	Answer:       google.Answer{},
	Manners:      format.Manners{Taken: []int{204}, Unreadable: []int{204}, Denied: []int{204}},
	Receiver:     Receiver{},
	Mapper:       Mapper{},
	ActionSource: "website",
	Names:        google.Names,
}
