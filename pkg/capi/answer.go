package capi

import (
	"strconv"
	"time"
)

// Class is what an answer asks of the sender: a closed list, a metric label.
type Class string

// The classes (docs/design.md, Answers from Meta).
const (
	OK        Class = "ok"        // all events counted
	Partial   Class = "partial"   // 200, but fewer events counted than sent: resend in halves
	Transient Class = "transient" // back off and send again, until the deadline
	Throttle  Class = "throttle"  // back off longer, slow down
	Setup     Class = "setup"     // a person must act: park
	Invalid   Class = "invalid"   // an event of the batch is at fault: isolate it
	TooLarge  Class = "toolarge"  // halve the batch
	Unknown   Class = "unknown"   // a code in no table: three tries, then as invalid
)

// Classes is the closed list.
var Classes = []Class{OK, Partial, Transient, Throttle, Setup, Invalid, TooLarge, Unknown}

// SetupReason is why a lane parks: a closed list, the label of omnicapi_lane_parked.
type SetupReason string

// The reasons. Blocked (368, temporarily blocked for policy) is probed slowly.
const (
	NoReason   SetupReason = ""
	Token      SetupReason = "token"      // the access token is wrong, expired or revoked
	Permission SetupReason = "permission" // the token may not write to this dataset
	Config     SetupReason = "config"     // dataset id, app secret proof or capability is wrong
	Blocked    SetupReason = "blocked"    // blocked by policy
)

// SetupReasons is the closed list, without NoReason.
var SetupReasons = []SetupReason{Token, Permission, Config, Blocked}

// Answer is all that is kept of Meta's answer: codes and paths, never its free text.
type Answer struct {
	Class      Class
	Setup      SetupReason   // only with class setup
	Status     int           // HTTP status; 0: no answer
	Code       int           // error.code
	Subcode    int           // error.error_subcode
	Type       string        // error.type, letters only
	FBTraceID  string        // [A-Za-z0-9_-], at most 64
	EventIndex int           // index in data[] of the event at fault; -1: not said
	EventFault bool          // the code is known to be the event's fault, not the request's or the system's
	RetryAfter time.Duration // what the headers ask to wait; 0: nothing
	BlameField string        // path of the field at fault ("custom_data.currency"); "": not said
	Received   int           // events_received of a 200
}

// Detail is code/subcode ("100/2804003"), the detail of a dead letter; "" without a code.
func (a *Answer) Detail() string {
	if a.Code == 0 && a.Subcode == 0 {
		return ""
	}
	return strconv.Itoa(a.Code) + "/" + strconv.Itoa(a.Subcode)
}
