package e2e

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// randomFault is one way to break a stack under load. A suite of the random walk is a list of them: who knows another one appends it.
type randomFault struct {
	name   string
	weight int  // how often it is chosen, beside the others
	kill   bool // it takes a process or broker away for less than a session, so its recovery is bounded
	// plan chooses how it will be done this time, by rng alone: a seed repeats the schedule, however the run goes.
	plan func(rng *rand.Rand) act
}

// act is a fault as planned: what breaks, what mends, and how long it is left broken.
type act struct {
	what         string // for the sheet: "kill -9 forwarder-2"
	target       string // what breaks; two acts at a time have different ones
	breaks, mend func()
	held         time.Duration
}

// everything is the target of what takes all processes.
const everything = "everything"

// step is one or two acts, the second begun while the first holds, and the pause behind them.
type step struct {
	faults []randomFault
	acts   []act
	gap    time.Duration // from the first act to the second
	pause  time.Duration
}

// walk is a random sequence of faults.
type walk struct {
	rng    *rand.Rand
	faults []randomFault
}

func newWalk(seed uint64, faults []randomFault) *walk {
	return &walk{rng: rand.New(rand.NewPCG(seed, 0)), faults: faults}
}

// next plans a step; one in four has two faults at a time.
func (w *walk) next() step {
	var s step
	n := 1
	if w.rng.IntN(4) == 0 {
		n = 2
	}
	for range n {
		f := w.choose()
		s.faults, s.acts = append(s.faults, f), append(s.acts, f.plan(w.rng))
	}
	if n == 2 && (s.acts[0].target == s.acts[1].target || s.acts[0].target == everything || s.acts[1].target == everything) {
		s.faults, s.acts = s.faults[:1], s.acts[:1]
	}
	s.gap = upTo(w.rng, 500*time.Millisecond)
	s.pause = upTo(w.rng, 2*time.Second)
	return s
}

func (w *walk) choose() randomFault {
	sum := 0
	for _, f := range w.faults {
		sum += f.weight
	}
	n := w.rng.IntN(sum)
	for _, f := range w.faults {
		if n -= f.weight; n < 0 {
			return f
		}
	}
	panic("unreachable")
}

// do makes a step under traffic and returns when what was in flight has ended; false: it did not.
func (s step) do(tr *traffic) bool {
	t := tr.s.t
	t.Helper()
	type broken struct {
		until time.Time
		mend  func()
	}
	var all []broken
	for i, a := range s.acts {
		if i > 0 {
			<-time.After(s.gap)
		}
		t.Logf("%s %s, for %s", time.Now().Format("15:04:05.000"), a.what, a.held.Round(time.Millisecond))
		undone := tr.begin(a.what, s.faults[i].kill)
		a.breaks()
		all = append(all, broken{time.Now().Add(a.held), func() { a.mend(); undone() }})
	}
	slices.SortFunc(all, func(a, b broken) int { return a.until.Compare(b.until) })
	var mending sync.WaitGroup // a broker takes its time to start
	for _, b := range all {
		<-time.After(max(time.Until(b.until), time.Millisecond))
		mending.Go(b.mend)
	}
	mending.Wait()
	if !tr.waitRecovered() {
		return false
	}
	<-time.After(s.pause)
	return true
}

// upTo is a random time, never zero.
func upTo(rng *rand.Rand, most time.Duration) time.Duration {
	return time.Millisecond + time.Duration(rng.Int64N(int64(most)))
}

// TestWalkRepeats: a seed makes the same faults in the same order, another seed others, and every fault has its turn.
func TestWalkRepeats(t *testing.T) {
	ps := []*process{{name: "ingest"}, {name: "normalizer"}, {name: "forwarder"}}
	faults := slices.Concat(ofProcesses(ps), ofBrokers([]killable{{name: "1"}, {name: "2"}, {name: "3"}}), ofMeta(nil), ofLink("two", nil))
	schedule := func(seed uint64) (all []string) {
		w := newWalk(seed, faults)
		for range 200 {
			s := w.next()
			for _, a := range s.acts {
				all = append(all, fmt.Sprint(a.what, a.held, s.gap, s.pause))
			}
		}
		return all
	}
	first := schedule(7)
	if !slices.Equal(first, schedule(7)) {
		t.Error("the same seed makes other faults")
	}
	if slices.Equal(first, schedule(8)) {
		t.Error("another seed makes the same faults")
	}
	for _, what := range []string{"kill -9 ingest", "SIGTERM", "SIGSTOP", "all processes", "kill -9 1", "no quorum", "Meta: ", "wrong token", "cut", "silence"} {
		if !slices.ContainsFunc(first, func(s string) bool { return strings.Contains(s, what) }) {
			t.Errorf("in 200 steps no %s", what)
		}
	}
}
