// Package square is the webhook of Square's tills: payments, signed over the URL that Square calls and the body.
package square

import (
	"net/http"

	"github.com/omnicapi/omnicapi/pkg/format"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/pkg/signature"
)

// Format is the format square.
var Format = format.Format{
	Name:     "square",
	Channels: []string{"store"},

	Signature: signature.Square{},

	Routes:   []receive.Route{{Methods: []string{http.MethodPost}, Pattern: "/v1/store/square"}},
	Receiver: Receiver{},
	IDs:      []string{"square-"},
	// 200 for whatever is signed right, else 403.
	Answer:  receive.Hook{Denied: http.StatusForbidden},
	Manners: format.Manners{Taken: []int{200}, Unreadable: []int{400}, Denied: []int{403}},

	Mapper:       Mapper{},
	ActionSource: "physical_store",
	Names:        squareNames,
}
