package balance

import (
	"fmt"
	"slices"
	"time"
)

// standstills finds, for each partition, the longest time in which no record had a fate while one waited. A record waits from
// its event's arrival at ingest; of the raw topics only what ends in the normalizer counts.
func standstills(facts *Facts) map[string]time.Duration {
	type wait struct{ from, to time.Time }
	waits := map[Position]wait{} // by record: fates are repeated after crashes, and the first one counts
	for _, fates := range facts.Fates {
		for _, f := range fates {
			if f.Arrived.IsZero() {
				continue
			}
			if w, ok := waits[f.Record]; !ok || f.Ended.Before(w.to) {
				waits[f.Record] = wait{f.Arrived, f.Ended}
			}
		}
	}
	type step struct {
		at    time.Time
		delta int
	}
	steps := map[string][]step{}
	for p, w := range waits {
		name := fmt.Sprintf("%s/%d", p.Topic, p.Partition)
		steps[name] = append(steps[name], step{w.from, 1}, step{w.to, -1})
	}
	longest := map[string]time.Duration{}
	for name, all := range steps {
		slices.SortFunc(all, func(a, b step) int { return a.at.Compare(b.at) })
		var since time.Time // the last fate, or when the first of those that wait arrived
		waiting := 0
		for _, s := range all {
			if s.delta < 0 && waiting > 0 {
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
