// Package segment is the HTTP API of Segment, which the clients of RudderStack and Jitsu speak too: single calls,
// whose path says their type, and batches. What a batch says for all its calls (context, integrations) is stored as
// the request's context.
package segment

import (
	"net/http"

	"github.com/omnicapi/omnicapi/pkg/format"
	"github.com/omnicapi/omnicapi/pkg/format/dialect/ecommerce"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
)

// Format is the format segment.
var Format = format.Format{
	Name:     "segment",
	Channels: []string{"cdp"},

	Browser:    true,
	PageSecret: true,

	Routes: []receive.Route{
		{Methods: []string{http.MethodPost}, Pattern: `/v1/{type:(?:batch|track|identify|page|screen|group|alias|import|t|i|p|s|g|a|b)}`},
		{Methods: []string{http.MethodPost}, Pattern: `/beacon/v1/batch`, NoRetry: true}, // no browser repeats a beacon
		{Methods: []string{http.MethodPost}, Pattern: `/api/s/s2s/{type:[a-z]+}`},
	},
	Receiver: Receiver{},
	// 200 {"success":true} for all that can be read, and 400 for what is too large: Segment's clients do not know
	// 413.
	Answer:  answer{receive.Hook{ContentType: "application/json", Body: `{"success":true}`}},
	Manners: format.Manners{Taken: []int{200}, Unreadable: []int{400}, Denied: []int{401}},

	Mapper:       Mapper{},
	ActionSource: "system_generated",
	Names:        ecommerce.Names,
}
