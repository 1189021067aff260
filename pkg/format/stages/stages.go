// Package stages is changes of leads' stages as any CRM can post them:
// {"source":…,"changes":[{"lead_id","stage","occurred_at", "contact":{…},"value","currency"}]}. The shape is ours.
package stages

import (
	"net/http"

	"github.com/omnicapi/omnicapi/pkg/format"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
)

// Format is the format stages.
var Format = format.Format{
	Name:      "stages",
	Channels:  []string{"crm"},
	Certified: true,

	Routes:   []receive.Route{{Methods: []string{http.MethodPost}, Pattern: "/v1/crm/stages"}},
	Receiver: Receiver{},
	IDs:      []string{"crm-"},
	Answer:   receive.Own{},
	Manners:  format.Manners{Taken: []int{202}, Unreadable: []int{400}, Denied: []int{401}},

	Mapper:       Mapper{},
	ActionSource: "system_generated",
}
