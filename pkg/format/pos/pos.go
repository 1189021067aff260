// Package pos is a store's transactions as any till or back office can post them:
// {"store_id",…,"transactions":[{"transaction_id",
// "occurred_at","type","total","currency","customer":{…},"items":[…]}]}. The shape is ours.
package pos

import (
	"net/http"

	"github.com/omnicapi/omnicapi/pkg/format"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
)

// Format is the format pos.
var Format = format.Format{
	Name:      "pos",
	Channels:  []string{"store"},
	Certified: true,

	Routes:   []receive.Route{{Methods: []string{http.MethodPost}, Pattern: "/v1/store/transactions"}},
	Receiver: Receiver{},
	Answer:   receive.Own{},
	Manners:  format.Manners{Taken: []int{202}, Unreadable: []int{400}, Denied: []int{401}},

	Mapper:       Mapper{},
	ActionSource: "physical_store",
	Names:        names,
}
