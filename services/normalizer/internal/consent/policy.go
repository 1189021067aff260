package consent

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
func (p Policy) Decide(s Statement) Decision {
	switch s {
	case Granted:
		return PassGranted
	case Denied:
		return DropDenied
	case Unreadable:
		return DropUnreadable
	case Nothing:
		if p.DenyUnknown {
			return DropUnknown
		}
		return PassUnknown
	}
	return DropUnreadable
}
