package balance

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/omnicapi/omnicapi/e2e/load"
	"github.com/omnicapi/omnicapi/pkg/fault"
)

// Sheet is the balance of a run.
type Sheet struct {
	Accepted  int // events that were answered 2xx, each counted once; the five below are its parts
	Delivered int
	Dead      map[fault.Reason]int
	Dropped   map[fault.Reason]int // by policy; of repeats see Repeats
	InFlight  int                  // no fate yet, and fates still come
	Lost      []string             // ids without a fate, or delivered and not at Meta

	Twice      int // POSTs of events that Meta had already: repeats of one event count each
	Repeats    int // records that ended as a duplicate of another
	Refused    int // requests' events answered 429 or 503
	Unanswered int // requests' events without an answer
	Unpromised int // events that were never answered 2xx and have a fate all the same

	Standstills map[string]time.Duration // by partition: the longest time in which none of its events ended while one waited
	Recoveries  []Recovery

	Wrong []string // whatever else breaks the promise, an event each
}

// Of compares what was promised with the facts. settled: no fate will come any more, so that what has none is lost.
func Of(entries []load.Entry, facts *Facts, incidents []Incident, settled bool) *Sheet {
	s := &Sheet{Dead: map[fault.Reason]int{}, Dropped: map[fault.Reason]int{}}
	for i := range entries {
		s.enter(&entries[i], facts, settled)
	}
	s.Standstills = standstills(facts)
	s.Recoveries = recoveries(facts, incidents)
	slices.Sort(s.Lost)
	slices.Sort(s.Wrong)
	return s
}

func (s *Sheet) enter(e *load.Entry, facts *Facts, settled bool) {
	s.Refused += e.Refused
	s.Unanswered += e.Unanswered
	received := facts.Received[e.ID]
	s.Twice += max(0, len(received)-1)
	ends, duplicates := endsOf(facts.Fates[e.ID])
	s.Repeats += duplicates
	promised := !e.Accepted.IsZero()
	if promised {
		s.Accepted++
	} else if len(ends) > 0 {
		s.Unpromised++
	}
	switch {
	case len(ends) > 1:
		s.wrong(e, "it has fates of %d kinds: %v", len(ends), ends)
		return
	case len(ends) == 0:
		if promised && settled {
			s.lose(e, "no fate, %d duplicates; stored at %v, signals at %v, at Meta %d times", duplicates, facts.Raw[e.ID],
				facts.Signals[e.ID], len(received))
		} else if promised {
			s.InFlight++
		}
		return
	}
	end := ends[0]
	if end.Fate != e.End {
		s.wrong(e, "made to end %s, ended %s %s %s", e.End, end.Fate, end.Reason, end.Detail)
	}
	if letters := facts.Letters[e.ID]; (letters > 0) != (end.Fate == fault.Dead) {
		s.wrong(e, "%d letters of an event that ended %s", letters, end.Fate)
	}
	if facts.Received != nil && end.Fate != fault.Delivered && len(received) > 0 {
		s.wrong(e, "it ended %s, and Meta has it", end.Fate)
	}
	if !promised {
		return
	}
	switch {
	case end.Fate == fault.Delivered && facts.Received != nil && len(received) == 0:
		s.lose(e, "delivered, and Meta does not have it")
	case end.Fate == fault.Delivered:
		s.Delivered++
	case end.Fate == fault.Dead:
		s.Dead[end.Reason]++
	default:
		s.Dropped[end.Reason]++
	}
}

// endsOf are the ends of an event of different kinds, those of its repeats left out, and how many of its records were repeats.
func endsOf(fates []Fate) (ends []Fate, duplicates int) {
	repeats := map[Position]bool{}
	for _, f := range fates {
		switch {
		case f.Fate == fault.Replayed:
		case f.Reason == fault.Duplicate:
			repeats[f.Record] = true
		case !slices.ContainsFunc(ends, func(e Fate) bool { return e.Fate == f.Fate && e.Reason == f.Reason }):
			ends = append(ends, f)
		}
	}
	return ends, len(repeats)
}

func (s *Sheet) lose(e *load.Entry, format string, args ...any) {
	s.Lost = append(s.Lost, fmt.Sprintf("%s (accepted %s): ", e.ID, e.Accepted.Format("15:04:05.000"))+fmt.Sprintf(format, args...))
}

func (s *Sheet) wrong(e *load.Entry, format string, args ...any) {
	s.Wrong = append(s.Wrong, e.ID+": "+fmt.Sprintf(format, args...))
}

// Problems are all that breaks the promise: nil if it held.
func (s *Sheet) Problems() []string {
	var problems []string
	for _, l := range s.Lost {
		problems = append(problems, "lost: "+l)
	}
	problems = append(problems, s.Wrong...)
	if parts := s.Delivered + total(s.Dead) + total(s.Dropped) + s.InFlight + len(s.Lost); parts != s.Accepted {
		problems = append(problems, fmt.Sprintf("%d accepted, and %d ends: %d are missing", s.Accepted, parts, s.Accepted-parts))
	}
	return problems
}

// String is the sheet as people read it.
func (s *Sheet) String() string {
	var b strings.Builder
	row := func(what string, n int, note string) { fmt.Fprintf(&b, "%-26s %9d  %s\n", what, n, note) }
	row("accepted", s.Accepted, "answered 2xx")
	row("= delivered", s.Delivered, "")
	row("+ dead", total(s.Dead), reasons(s.Dead))
	row("+ dropped by policy", total(s.Dropped), reasons(s.Dropped))
	row("+ in flight", s.InFlight, "")
	row("+ lost", len(s.Lost), "")
	row("duplicated", s.Twice, "posted to Meta again")
	row("repeats dropped", s.Repeats, "duplicates that did not reach Meta")
	row("refused", s.Refused, "answered 429 or 503, by event and try")
	row("without an answer", s.Unanswered, "by event and try")
	row("stored, not acknowledged", s.Unpromised, "a fate, and no 2xx")
	for _, p := range slices.Sorted(maps.Keys(s.Standstills)) {
		fmt.Fprintf(&b, "%-26s longest standstill %6.1fs\n", p, s.Standstills[p].Seconds())
	}
	for _, r := range s.Recoveries {
		fmt.Fprintln(&b, r)
	}
	if kills := s.kills(); len(kills) > 0 {
		fmt.Fprintf(&b, "%d kills: recovery p50 %.1fs, max %.1fs\n", len(kills), kills[len(kills)/2].Seconds(), kills[len(kills)-1].Seconds())
	}
	return b.String()
}

func total(by map[fault.Reason]int) (n int) {
	for _, v := range by {
		n += v
	}
	return n
}

func reasons(by map[fault.Reason]int) string {
	var all []string
	for _, r := range slices.Sorted(maps.Keys(by)) {
		all = append(all, fmt.Sprintf("%s %d", r, by[r]))
	}
	return strings.Join(all, ", ")
}
