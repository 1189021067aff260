// Package fault is the one vocabulary for how an event ended and why: stages, fates and reasons are closed lists, and
// they are metric labels, dead-letter headers and outcome fields alike. Every service and the command import it. It
// refuses free text: a Detail names a field or a code, never a value.
package fault

import (
	"errors"
	"slices"
)

// Stage is the step of the pipeline that ended an event.
type Stage string

// The stages.
const (
	Ingest     Stage = "ingest"
	Normalizer Stage = "normalizer"
	Forwarder  Stage = "forwarder"
)

// Fate is how an event ended.
type Fate string

// The fates. Replayed takes a dead letter off the list but ends nothing: the event passes the pipeline again.
const (
	Delivered Fate = "delivered"
	Dead      Fate = "dead"
	Dropped   Fate = "dropped"
	Replayed  Fate = "replayed"
)

// Reason is why an event is dead or dropped.
type Reason string

// None is the reason of a delivered event.
const None Reason = ""

// Reasons of a dropped event: named policies.
const (
	Consent    Reason = "consent"
	Duplicate  Reason = "duplicate"
	Suppressed Reason = "suppressed"
	Unmapped   Reason = "unmapped"
	Fact       Reason = "fact"
)

// Reasons of a dead event.
const (
	Undecodable        Reason = "undecodable"         // the record or its item cannot be read; Detail: what of it
	UnsupportedVersion Reason = "unsupported_version" // an envelope of a type this build does not know
	UnknownSource      Reason = "unknown_source"      // the configuration no longer has the source
	UnknownDataset     Reason = "unknown_dataset"     // the configuration no longer has the dataset
	MissingField       Reason = "missing_field"       // Detail: the field
	InvalidField       Reason = "invalid_field"       // Detail: the field
	EventTimeFuture    Reason = "event_time_future"   // more than 60 s ahead
	NoIdentity         Reason = "no_identity"         // no match key that Meta takes is left
	ValueTooHigh       Reason = "value_too_high"      // of a purchase whose sender proved nothing: more than its source's max_value
	Oversize           Reason = "oversize"            // by itself larger than a record or a request may be
	Expired            Reason = "expired"             // past its deadline
	Refused            Reason = "refused"             // Meta refuses it even when posted alone; Detail: code/subcode
	UnknownCode        Reason = "unknown_code"        // Meta's code is in no table; Detail: code/subcode
	Partial            Reason = "partial"             // posted alone, answered 200, but not counted
	Panic              Reason = "panic"               // a handler panicked on it
	Failed             Reason = "failed"              // a consumer's handler failed on it until GiveUp
)

// DropReasons and DeadReasons are the closed lists, for metrics to start at zero and filters to check against.
var (
	DropReasons = []Reason{Consent, Duplicate, Suppressed, Unmapped, Fact}
	DeadReasons = []Reason{
		Undecodable, UnsupportedVersion, UnknownSource, UnknownDataset, MissingField, InvalidField, EventTimeFuture,
		NoIdentity, ValueTooHigh, Oversize, Expired, Refused, UnknownCode, Partial, Panic, Failed,
	}
)

// IsDrop says whether the reason is a policy that drops.
func (r Reason) IsDrop() bool { return slices.Contains(DropReasons, r) }

// Known says whether the reason is on a list.
func (r Reason) Known() bool { return r.IsDrop() || slices.Contains(DeadReasons, r) }

// Error says that one event has ended: it is never retried. Detail is a field name or a code, never a value.
type Error struct {
	Reason Reason
	Detail string
}

// New returns the error that ends an event for a reason.
func New(reason Reason, detail string) *Error { return &Error{Reason: reason, Detail: detail} }

func (e *Error) Error() string {
	if e.Detail == "" {
		return string(e.Reason)
	}
	return string(e.Reason) + ": " + e.Detail
}

// Of returns the *Error that err wraps, or nil: then the event may be retried.
func Of(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return nil
}
