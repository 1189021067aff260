package capi

import (
	"time"

	"github.com/omnicapi/omnicapi/pkg/fault"
)

// Drop is why Validate leaves a value out: a closed list, a metric label beside identity.Drop's.
type Drop string

// The drops of Validate.
const (
	DropEmpty      Drop = "empty"       // an empty text, array or object
	DropMalformed  Drop = "malformed"   // not a value of this field
	DropNotAllowed Drop = "not_allowed" // Meta does not take the field with this action_source
	DropIncomplete Drop = "incomplete"  // means nothing without another field: value without currency
	DropRepeated   Drop = "duplicate"   // the member is there already
)

// Drops is the closed list.
var Drops = []Drop{DropEmpty, DropMalformed, DropNotAllowed, DropIncomplete, DropRepeated}

// Validate makes e and h what Meta takes, in place: bad values are left out and told to dropped (nil: nobody is told);
// field is a metric label from the closed list Fields or a match key's name, never a sender's own member name. It
// returns the end of the event (missing_field, invalid_field, event_time_future, no_identity) when a required field or
// every identity is gone. Call it after Fill and before AppendEvent. The age limit is the forwarder's.
func Validate(e *Event, h *Hashed, now time.Time, dropped func(field string, reason Drop)) *fault.Error {
	panic("unbuilt")
}

// Fields is the closed list of field labels of Validate, beside the match keys' names.
var Fields = []string{
	"event_source_url", "referrer_url", "opt_out", "data_processing_options_country", "data_processing_options_state",
	"messaging_channel", "app_data", "app_data.extinfo", "app_data.advertiser_tracking_enabled",
	"app_data.application_tracking_enabled", "custom_data", "custom_data.value", "custom_data.currency",
	"custom_data.contents", "extra",
}
