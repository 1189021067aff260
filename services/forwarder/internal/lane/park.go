package lane

import (
	"slices"
	"time"

	"github.com/omnicapi/omnicapi/pkg/capi"
)

// Reasons to park beside capi's.
const (
	Certificate capi.SetupReason = "certificate" // the endpoint's certificate is not trusted: never go on insecurely
	Refused     capi.SetupReason = "refused"     // event after event is refused alone, for no known fault of theirs
)

// ParkReasons is the closed list: the label of omnicapi_lane_parked.
var ParkReasons = append(slices.Clone(capi.SetupReasons), Certificate, Refused)

// While parked the token file is looked at every tokenLook; a probe goes out at once when it changed, else every probeEvery.
// A block for policy is probed slowly: knocking makes it worse.
const (
	tokenLook       = 2 * time.Second
	probeEvery      = 30 * time.Second
	probeBlockEvery = 30 * time.Minute
)

// maxRefusals is how many events in a row may be refused alone, for no known fault of theirs, before the lane parks.
const maxRefusals = 20

func probeInterval(r capi.SetupReason) time.Duration {
	if r == capi.Blocked {
		return probeBlockEvery
	}
	return probeEvery
}
