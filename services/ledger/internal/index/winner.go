package index

import (
	"cmp"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/fault"
)

// Counts says whether a fate is counted once for its record, however often it was written: all are but a replay, which takes a dead
// letter off the list as often as somebody does it.
func Counts(f *event.EventFate) bool {
	return f.Fate != fault.Replayed && f.Topic != "" && f.Partition >= 0 && f.Offset >= 0
}

// SameRecord says whether two fates are of one record, so that one of them counts.
func SameRecord(a, b *event.EventFate) bool {
	return a.ID == b.ID && a.Topic == b.Topic && a.Partition == b.Partition && a.Offset == b.Offset && Counts(a) && Counts(b)
}

// Before says which of two fates of one record counts: a delivery is never undone, a death says more than a drop, and of equals the earlier one
// counts. It depends on nothing but what they say, so that the order of reading makes no difference.
func (f Fate) Before(g Fate) bool {
	return cmp.Or(
		cmp.Compare(rank(g.Event.Fate), rank(f.Event.Fate)),
		f.Outcome.EndedAt.Compare(g.Outcome.EndedAt),
		cmp.Compare(f.Outcome.BatchID, g.Outcome.BatchID),
		cmp.Compare(f.Event.Reason, g.Event.Reason),
		cmp.Compare(f.Outcome.Dataset, g.Outcome.Dataset),
	) < 0
}

func rank(f fault.Fate) int {
	switch f {
	case fault.Delivered:
		return 3
	case fault.Dead:
		return 2
	case fault.Dropped:
		return 1
	case fault.Replayed:
	}
	return 0
}
