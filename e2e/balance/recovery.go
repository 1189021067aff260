package balance

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/omnicapi/omnicapi/pkg/fault"
)

// Incident is a fault that was made during a run.
type Incident struct {
	Name  string
	At    time.Time
	Until time.Time // it was undone: the process is started again, Meta answers. Zero or At: it takes no time
	Kill  bool      // its recovery is bounded
}

// Recovery is how long an incident was felt.
type Recovery struct {
	Incident

	First time.Duration // until Meta received an event for the first time, of any partition; negative: never again
	All   time.Duration // until it did of every partition; negative: of some it never did
	// Felt is All counted from the end of the last other incident that held things up meanwhile, if any: two kills, or a kill
	// while Meta does not answer.
	Felt  time.Duration
	Twice int // events that Meta got again between this incident and the next
}

// String is a line.
func (r Recovery) String() string {
	felt := fmt.Sprintf("first %5.1fs  all partitions %5.1fs", r.First.Seconds(), r.All.Seconds())
	if r.Felt != r.All {
		felt += fmt.Sprintf(" (%.1fs after the last other fault)", r.Felt.Seconds())
	}
	switch {
	case r.First < 0:
		felt = "nothing was delivered any more"
	case r.All < 0:
		felt = fmt.Sprintf("first %5.1fs  some partitions delivered nothing any more", r.First.Seconds())
	}
	held := r.Until.Sub(r.At)
	return fmt.Sprintf("%s  %-42s held %4.1fs  %s  twice %d", r.At.Format("15:04:05.000"), r.Name, max(0, held.Seconds()), felt, r.Twice)
}

// kills are the recoveries of kills, ascending.
func (s *Sheet) kills() []time.Duration {
	var all []time.Duration
	for _, r := range s.Recoveries {
		if r.Kill {
			all = append(all, r.Felt)
		}
	}
	slices.Sort(all)
	return all
}

// delivery is one event at Meta.
type delivery struct {
	at    time.Time
	lanes []string // the partitions that it came over
	again bool
}

// deliveries are all that Meta received, in order; without the sandbox's word, all that were said to be delivered. lanes is how
// many partitions they came over.
func deliveries(facts *Facts) (all []delivery, lanes int) {
	seen := map[string]bool{}
	for id, fates := range facts.Fates {
		i := slices.IndexFunc(fates, func(f Fate) bool { return f.Fate == fault.Delivered })
		if i < 0 {
			continue
		}
		over := slices.Collect(facts.lanes(id))
		for _, lane := range over {
			seen[lane] = true
		}
		times := slices.Clone(facts.Received[id])
		if facts.Received == nil {
			times = []time.Time{fates[i].Ended}
		}
		slices.SortFunc(times, time.Time.Compare)
		for n, at := range times {
			all = append(all, delivery{at: at, lanes: over, again: n > 0})
		}
	}
	slices.SortFunc(all, func(a, b delivery) int { return a.at.Compare(b.at) })
	return all, len(seen)
}

func recoveries(facts *Facts, incidents []Incident) []Recovery {
	all, lanes := deliveries(facts)
	incidents = slices.SortedFunc(slices.Values(incidents), func(a, b Incident) int { return a.At.Compare(b.At) })
	out := make([]Recovery, len(incidents))
	for i, in := range incidents {
		r := Recovery{Incident: in, First: -1, All: -1, Felt: -1}
		var next time.Time
		if i+1 < len(incidents) {
			next = incidents[i+1].At
		}
		from, _ := slices.BinarySearchFunc(all, in.At, func(d delivery, at time.Time) int {
			return cmp.Or(d.at.Compare(at), 1) // behind those of the same moment
		})
		seen := map[string]bool{}
		for _, d := range all[from:] {
			before := next.IsZero() || d.at.Before(next)
			switch {
			case d.again && before:
				r.Twice++
			case d.again:
			case len(seen) < lanes:
				r.deliver(d, seen)
			}
			if len(seen) == lanes && !before {
				break
			}
		}
		if len(seen) < lanes {
			r.All = -1
		} else {
			r.Felt = r.All - heldUp(in, in.At.Add(r.All), incidents)
		}
		out[i] = r
	}
	return out
}

// deliver notes an event that Meta received for the first time; seen are the partitions that delivered since the incident.
func (r *Recovery) deliver(d delivery, seen map[string]bool) {
	if r.First < 0 {
		r.First = d.at.Sub(r.At)
	}
	for _, lane := range d.lanes {
		if !seen[lane] {
			seen[lane], r.All = true, d.at.Sub(r.At)
		}
	}
}

// heldUp is how long after an incident the last other one ended that overlaps with its recovery.
func heldUp(in Incident, recovered time.Time, incidents []Incident) (held time.Duration) {
	for _, other := range incidents {
		until := other.Until
		if until.Before(other.At) {
			until = other.At
		}
		if other == in || !other.At.Before(recovered) || until.Before(in.At) {
			continue
		}
		if until.After(recovered) {
			until = recovered
		}
		held = max(held, until.Sub(in.At))
	}
	return held
}
