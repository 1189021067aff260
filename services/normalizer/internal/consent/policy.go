// Package consent decides whether an event may reach Meta: what the event itself says goes first, the source's policy
// decides for the rest. The normalizer asks it once an event. It refuses to guess in Meta's favour: a statement that
// cannot be read counts as a denial.
//
// What an event says is read by pkg/privacy; which member of an event or of its request says it, each format says in its
// README. It is never forwarded. Meta's own opt_out and data_processing_options are no consent: they pass through.
package consent

import "github.com/omnicapi/omnicapi/pkg/privacy"

// Decision is whether an event may reach Meta, and why: of a closed list, a metric label and the detail of a drop.
type Decision string

// The decisions. The first two pass.
const (
	PassGranted    Decision = "granted"
	PassUnknown    Decision = "unknown_allowed"
	DropDenied     Decision = "denied"
	DropUnknown    Decision = "unknown_denied"
	DropUnreadable Decision = "unreadable"
)

// Decisions is the closed list.
var Decisions = []Decision{PassGranted, PassUnknown, DropDenied, DropUnknown, DropUnreadable}

// Pass says whether the event goes on.
func (d Decision) Pass() bool { return d == PassGranted || d == PassUnknown }

// Policy is a source's rule for events that say nothing.
type Policy struct{ DenyUnknown bool }

// Decide applies the policy to what the event says.
func (p Policy) Decide(s privacy.Statement) Decision {
	switch s {
	case privacy.Granted:
		return PassGranted
	case privacy.Denied:
		return DropDenied
	case privacy.Unreadable:
		return DropUnreadable
	case privacy.Nothing:
		if p.DenyUnknown {
			return DropUnknown
		}
		return PassUnknown
	}
	return DropUnreadable
}
