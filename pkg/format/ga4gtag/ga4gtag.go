// Package ga4gtag is what Google's own tag (gtag.js) sends from a page to /g/collect: one event in the query, or
// several in the body, one urlencoded event a line, of which the query says what is true of all.
package ga4gtag

import (
	"net/http"

	"github.com/omnicapi/omnicapi/pkg/format"
	"github.com/omnicapi/omnicapi/pkg/format/dialect/google"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
)

// Format is the format ga4.gtag.
var Format = format.Format{
	Name:     "ga4.gtag",
	Channels: []string{"tagmanager"},

	Browser:    true,
	PageSecret: true,

	Routes:   []receive.Route{{Methods: []string{http.MethodGet, http.MethodPost}, Pattern: "/g/collect"}},
	Receiver: Receiver{},
	// Google's tag neither reads nor repeats: it gets 204 for whatever it sends.
	Answer:  google.Answer{},
	Manners: format.Manners{Taken: []int{204}, Unreadable: []int{204}, Denied: []int{204}},
	NoRetry: true,

	Mapper:       Mapper{},
	ActionSource: "website",
	Names:        google.Names,
}
