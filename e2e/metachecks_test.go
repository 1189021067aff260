package e2e

import (
	"fmt"

	"github.com/omnicapi/omnicapi/pkg/capi"
)

var firstIDs = []string{"good", "bad", "fine"}

// faultSeen says what is still missing while the fault holds.
func (s *metaSuite) faultSeen(r *metaRow) string {
	saw := fmt.Sprintf("%s posts %v; ended: %q %q %q", r.class, s.posts(r, r.class), s.ends(r, "good"), s.ends(r, "bad"), s.ends(r, "fine"))
	if s.posts(r, r.class) == 0 {
		return "no POST was answered so; " + saw
	}
	switch r.want {
	case parks:
		if s.count(r, firstIDs, "") != len(firstIDs) {
			return "an event ended; " + saw
		}
		if !s.parkedFor(r, r.detail) {
			return "not parked for " + r.detail
		}
	case kills:
		if s.ends(r, "bad") != s.dead(r) || s.ends(r, "good") != "delivered" || s.ends(r, "fine") != "delivered" {
			return "want the bad one " + s.dead(r) + ", the others delivered; " + saw
		}
		if n := s.deadSeries(r); n != 1 {
			return fmt.Sprint(n, " dead in the figures")
		}
	case pauses:
		if s.posts(r, r.class) < 2 || s.count(r, firstIDs, "delivered") != len(firstIDs) {
			return "want it sent again until it is delivered; " + saw
		}
		if int(s.slept[r.name]) < r.atLeast {
			return fmt.Sprint("the longest pause seen is ", s.slept[r.name])
		}
	case delivers:
		if s.count(r, firstIDs, "delivered") != len(firstIDs) {
			return saw
		}
	}
	return ""
}

// mendedOrWorse: parked lanes go on with another token; where all events are refused, they die for a fault of their own, and
// for any other the lane parks before the topic is burnt.
func (s *metaSuite) mendedOrWorse(r *metaRow) string {
	switch r.want {
	case parks:
		if n := s.count(r, firstIDs, "delivered"); n != len(firstIDs) || s.parkedFor(r, r.detail) {
			return fmt.Sprintf("%d delivered, parked %t", n, s.parkedFor(r, r.detail))
		}
	case kills:
		dead := s.count(r, refusedIDs, s.dead(r))
		parked := s.parkedFor(r, "refused")
		saw := fmt.Sprintf("%d of %d %s, parked %t", dead, len(refusedIDs), s.dead(r), parked)
		switch {
		case !r.notIts && (dead != len(refusedIDs) || parked):
			return saw
		case r.notIts && (dead > maxInRow || dead < maxInRow-1 || !parked): // one may have been counted before
			return saw
		}
	}
	return ""
}

// maxInRow is how many events may be refused in a row before a lane parks (design.md, The lane).
const maxInRow = 20

// allEnded: each event has one end, and none that Meta did not cause is dead; the lane is open.
func (s *metaSuite) allEnded(r *metaRow) string {
	ids := firstIDs
	if r.want == kills {
		ids = append(append([]string{}, firstIDs...), refusedIDs...)
	}
	delivered, dead := s.count(r, ids, "delivered"), s.count(r, ids, s.dead(r))
	saw := fmt.Sprintf("%d delivered, %d dead of %d", delivered, dead, len(ids))
	if delivered+dead != len(ids) || r.want != kills && dead != 0 {
		return saw
	}
	if n := s.deadSeries(r); int(n) != dead {
		return fmt.Sprintf("%s, %v dead in the figures", saw, n)
	}
	for _, reason := range []string{"token", "permission", "config", "blocked", "certificate", "refused"} {
		if s.parkedFor(r, reason) {
			return "parked for " + reason
		}
	}
	return ""
}

func (s *metaSuite) deadSeries(r *metaRow) float64 {
	return s.series[fmt.Sprintf(`omnicapi_forwarder_events_total{dataset=%q,reason=%q,result="dead",trust="proven"}`, r.name, r.deadReason())]
}

// checkArrived compares what was delivered with what the sandbox has.
func (s *metaSuite) checkArrived(r *metaRow) {
	s.t.Helper()
	arrived := s.arrivedIDs(s.id(r))
	for _, id := range append(append([]string{}, firstIDs...), refusedIDs...) {
		n, end := arrived[r.name+"-"+id], s.ends(r, id)
		switch {
		case n > 1 && !r.twice && s.posts(r, capi.Transient) > r.transients(): // one more was given up
			s.t.Logf("%s: %s arrived %d times, on a machine that is slow", r.name, id, n)
		case end == "delivered" && !r.unseen && n == 0, end != "delivered" && n > 0, n > 1 && !r.twice:
			s.t.Errorf("%s: %s ended %q and arrived %d times", r.name, id, end, n)
		case r.twice && end == "delivered" && n < 2:
			s.t.Errorf("%s: %s arrived %d times: the fault did not take place", r.name, id, n)
		}
	}
	if posts := s.posts(r, capi.OK); posts == 0 {
		s.t.Errorf("%s: no POST was ok", r.name)
	}
}
