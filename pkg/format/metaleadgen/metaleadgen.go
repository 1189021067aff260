// Package metaleadgen is the webhook of a Facebook page whose lead ads people fill in. It brings the lead's id; the
// answers are the normalizer's to look up.
package metaleadgen

import (
	"net/http"

	"github.com/omnicapi/omnicapi/pkg/format"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/pkg/signature"
)

// Format is the format meta.leadgen.
var Format = format.Format{
	Name:     "meta.leadgen",
	Channels: []string{"crm"},

	Signature: signature.Meta{},
	Verify:    true,

	// GET is Meta's verification of the endpoint.
	Routes:   []receive.Route{{Methods: []string{http.MethodGet, http.MethodPost}, Pattern: "/v1/crm/meta/webhook"}},
	Receiver: Receiver{},
	IDs:      []string{"leadgen-"},
	// 200: Meta repeats anything else.
	Answer:  receive.Hook{},
	Manners: format.Manners{Taken: []int{200}, Unreadable: []int{400}, Denied: []int{401}},

	Mapper: Mapper{},
	// The webhook brings the lead's id only; the answers are asked for.
	Lookup:       true,
	ActionSource: "system_generated",
}
