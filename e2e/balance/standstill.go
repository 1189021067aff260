package balance

import (
	"iter"
	"slices"
	"time"
)

// standstills finds, for each partition of events.* and signals.*, the longest time in which no event that lies on it ended while
// one waited. An event waits from its arrival at ingest until its first fate.
func standstills(facts *Facts) map[string]time.Duration {
	type step struct {
		at    time.Time
		delta int
	}
	steps := map[string][]step{}
	for id, fates := range facts.Fates {
		first := slices.MinFunc(fates, func(a, b Fate) int { return a.Ended.Compare(b.Ended) })
		if first.Arrived.IsZero() {
			continue
		}
		for lane := range facts.lanes(id) {
			steps[lane] = append(steps[lane], step{first.Arrived, 1}, step{first.Ended, -1})
		}
	}
	longest := map[string]time.Duration{}
	for name, all := range steps {
		slices.SortFunc(all, func(a, b step) int { return a.at.Compare(b.at) })
		var since time.Time // the last end, or when the first of those that wait arrived
		waiting := 0
		for _, s := range all {
			if s.delta < 0 {
				longest[name] = max(longest[name], s.at.Sub(since))
			}
			if s.delta < 0 || waiting == 0 {
				since = s.at
			}
			waiting += s.delta
		}
	}
	return longest
}

// lanes are the partitions that an event's first records lie on.
func (f *Facts) lanes(id string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, records := range [][]Position{f.Raw[id], f.Signals[id]} {
			if len(records) > 0 && !yield(records[0].lane(f.names)) {
				return
			}
		}
	}
}
