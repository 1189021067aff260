// Package collect is our own collector: a page's snippet (by its Origin) or the shop's server (by its secret). Only a
// server may say who the client was: its requests carry {"server":true} in their context, which a body cannot.
package collect

import (
	"net/http"

	"github.com/omnicapi/omnicapi/pkg/format"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
)

// Format is the format collect.
var Format = format.Format{
	Name:      "collect",
	Channels:  []string{"website"},
	Certified: true,

	Browser: true,

	Routes:   []receive.Route{{Methods: []string{http.MethodPost}, Pattern: "/v1/website/collect"}},
	Receiver: Receiver{},
	Answer:   receive.Own{},
	Manners:  format.Manners{Taken: []int{202}, Unreadable: []int{400}, Denied: []int{401}},
	NoRetry:  true, // no browser repeats a beacon

	Mapper:       Mapper{},
	ActionSource: "website",
}
