package fault

import "slices"

// Cause is how records were gone before a consumer group had consumed them.
type Cause string

// The causes of a loss.
const (
	Retention      Cause = "retention"       // it took them behind the group's position
	NeverCommitted Cause = "never_committed" // it took them before the group's first commit: at most so many, for Kafka may have forgotten an older one
	Truncated      Cause = "truncated"       // the partition ends before the group's position
	MadeAnew       Cause = "made_anew"       // their topic was deleted, and another one made of its name
)

// Causes is the closed list.
var Causes = []Cause{Retention, NeverCommitted, Truncated, MadeAnew}

// Known says whether the cause is on the list.
func (c Cause) Known() bool { return slices.Contains(Causes, c) }
