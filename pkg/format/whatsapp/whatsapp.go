// Package whatsapp is the Cloud API's webhook. Of all it brings two things are kept: a message's referral, the ad's
// click behind a conversation (a fact), and automatic_events, the conversions that Meta itself found. Statuses, by far
// the most frequent, and plain messages are answered and counted; what people write is never stored.
package whatsapp

import (
	"net/http"

	"github.com/omnicapi/omnicapi/pkg/format"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/pkg/signature"
)

// Format is the format whatsapp.
var Format = format.Format{
	Name:     "whatsapp",
	Channels: []string{"whatsapp"},

	Signature: signature.Meta{},
	Verify:    true,

	// GET is Meta's verification of the endpoint.
	Routes:   []receive.Route{{Methods: []string{http.MethodGet, http.MethodPost}, Pattern: "/v1/whatsapp/webhook"}},
	Receiver: Receiver{},
	// 200: Meta repeats anything else for days.
	Answer:  receive.Hook{},
	Manners: format.Manners{Taken: []int{200}, Unreadable: []int{400}, Denied: []int{401}},

	Mapper:       Mapper{},
	ActionSource: "business_messaging",
}
