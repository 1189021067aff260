// Package ga4mp is the Measurement Protocol of Google Analytics 4: {"client_id",…,"events":[{"name","params"}]} from
// servers and apps, with measurement id (or Firebase app id) and API secret in the query.
package ga4mp

import (
	"net/http"

	"github.com/omnicapi/omnicapi/pkg/format"
	"github.com/omnicapi/omnicapi/pkg/format/dialect/google"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
)

// Format is the format ga4.mp.
var Format = format.Format{
	Name:     "ga4.mp",
	Channels: []string{"tagmanager"},

	// The second is Google's validation server, which stores nothing.
	Routes: []receive.Route{
		{Methods: []string{http.MethodPost}, Pattern: "/mp/collect"},
		{Methods: []string{http.MethodPost}, Pattern: debugPath, Answer: validator{}},
	},
	Receiver: Receiver{},
	// Google's senders neither read nor repeat: they get 204 for whatever they send.
	Answer:  google.Answer{},
	Manners: format.Manners{Taken: []int{204}, Unreadable: []int{204}, Denied: []int{204}},
	NoRetry: true,

	Mapper:       Mapper{},
	ActionSource: "website",
	Names:        google.Names,
}
