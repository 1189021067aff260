// Package metaleadgen is the webhook of a Facebook page whose lead ads people fill in. It brings the lead's id; the answers are the
// normalizer's to look up.
package metaleadgen

import (
	"net/http"

	"github.com/omnicapi/omnicapi/pkg/format"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/pkg/signature"
)

// answers is 200: Meta repeats anything else.
var answers = receive.Hook{}

// Format is what a source may name as meta.leadgen.
var Format = format.Format{
	Name:         "meta.leadgen",
	Channels:     []string{"crm"},
	Verify:       true,
	Lookup:       true,
	Signature:    signature.Meta{},
	Routes:       []receive.Route{{Methods: []string{http.MethodGet, http.MethodPost}, Pattern: "/v1/crm/meta/webhook", Answer: answers}},
	Answer:       answers,
	Manners:      format.Manners{Taken: []int{200}, Unreadable: []int{400}, Denied: []int{401}},
	Receiver:     Receiver{},
	Mapper:       Mapper{},
	ActionSource: "system_generated",
}
