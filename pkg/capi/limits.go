package capi

import (
	"time"
)

// Limits of the Conversions API (DOCS; 62 days: "using the API", physical_store).
const (
	MaxEvents    = 1000                // events of one request
	MaxAge       = 7 * 24 * time.Hour  // of event_time when Meta receives it
	MaxAgeStore  = 62 * 24 * time.Hour // the same, action_source physical_store
	MaxPassback  = 48 * time.Hour      // of the original event of an AppendAttribution or AppendValue
	Safety       = time.Hour           // kept between our deadline and Meta's limit
	MaxSkew      = 60 * time.Second    // ahead of our clock: becomes now; more is event_time_future
	MaxEventName = 50                  // characters
	MaxEventID   = 256                 // bytes
)

// IsStore says whether the longer age limit holds for an action source.
func IsStore(actionSource []byte) bool { return string(actionSource) == "physical_store" }

// AgeLimit is how old an event may be when Meta receives it.
func AgeLimit(actionSource []byte) time.Duration {
	if IsStore(actionSource) {
		return MaxAgeStore
	}
	return MaxAge
}

// Deadline is when an event that is not delivered becomes dead (expired): the earlier of its arrival plus the dataset's
// configured deadline, and Meta's age limit less Safety. eventTime is Unix seconds.
func Deadline(arrival time.Time, eventTime int64, actionSource []byte, configured time.Duration) time.Time {
	ours := arrival.Add(configured)
	metas := time.Unix(eventTime, 0).Add(AgeLimit(actionSource) - Safety)
	if metas.Before(ours) {
		return metas
	}
	return ours
}
