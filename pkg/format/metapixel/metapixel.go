// Package metapixel is Meta's image pixel, https://www.facebook.com/tr/ under another host: one event in a query, or
// in a form when the URL would be too long. Its item is an object of the fields as they are named: "ev", "cd[value]",
// "ud[em]".
package metapixel

import (
	"net/http"

	"github.com/omnicapi/omnicapi/pkg/format"
	"github.com/omnicapi/omnicapi/pkg/format/dialect/fbpixel"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
)

// Format is the format meta.pixel.
var Format = format.Format{
	Name:     "meta.pixel",
	Channels: []string{"website"},

	Browser:    true,
	PageSecret: true,

	Routes: []receive.Route{
		{Methods: []string{http.MethodGet, http.MethodPost}, Pattern: "/tr/"},
		{Methods: []string{http.MethodGet, http.MethodPost}, Pattern: "/tr"},
	},
	Receiver: Receiver{},
	// A page shows the answer: it is a transparent image, whatever the event is worth.
	Answer:  receive.Image{},
	Manners: format.Manners{Taken: []int{200}, Unreadable: []int{200}, Denied: []int{401}},
	NoRetry: true, // no browser repeats an image

	Mapper:       Mapper{},
	ActionSource: "website",
	Names:        fbpixel.Names,
}
