package gate

import (
	"slices"

	"github.com/omnicapi/omnicapi/pkg/capi"
)

// Reasons to park beside those of package capi.
const (
	Certificate capi.SetupReason = "certificate" // the endpoint's certificate is not trusted: never go on without
	Refused     capi.SetupReason = "refused"     // event after event is refused alone, for no known fault of theirs
)

// ParkReasons is the closed list of reasons to park, the label of omnicapi_lane_parked.
var ParkReasons = append(slices.Clone(capi.SetupReasons), Certificate, Refused)
