package e2e

import (
	"flag"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/e2e/balance"
	"github.com/omnicapi/omnicapi/e2e/load"
	"github.com/omnicapi/omnicapi/pkg/crashpoint"
)

// every makes these suites run all their cases. go test takes those that stand for the others.
var every = flag.Bool("every", false, "all cases of TestCrash…, TestScale… and TestLittle…, not only those that stand for the others")

// atATime is how many cases run at a time: most of their time is a session's, which nobody hurries.
const atATime = 4

// crash is a point at which a service ends under load.
type crash struct {
	fault string // of docs/reliability.md
	in    string // service
	point crashpoint.Point
	times int
	meta  string // rule of the sandbox; "": Meta answers at once
	stand string // the signals whose cases stand for the others
}

// slowly is Meta that takes its time for a share of all POSTs, also to refuse what the load makes to be refused: a rule with only
// a delay accepts, and the first rule that matches counts.
func slowly(delay, chance string) string {
	slow := `"delay":"` + delay + `","probability":` + chance + `}`
	return strings.TrimSuffix(load.Rule, "}") + "," + slow + "," + load.Rule + ",{" + slow
}

var crashes = []crash{
	{fault: "F1", in: "ingest", point: crashpoint.IngestBeforeWrite, times: 40},
	{fault: "F3", in: "ingest", point: crashpoint.ProducerSending, times: 40},
	{fault: "F3", in: "ingest", point: crashpoint.ProducerWritten, times: 40},
	{fault: "F2", in: "ingest", point: crashpoint.IngestWritten, times: 40, stand: "KILL"},
	{fault: "F4", in: "normalizer", point: crashpoint.NormalizerRead, times: 20},
	{fault: "F4", in: "normalizer", point: crashpoint.ProducerSending, times: 20},
	{fault: "F5", in: "normalizer", point: crashpoint.ProducerWritten, times: 20},
	{fault: "F5", in: "normalizer", point: crashpoint.NormalizerPublished, times: 20, stand: "KILL"},
	{fault: "F6", in: "normalizer", point: crashpoint.NormalizerBuried, times: 5},
	{fault: "F5", in: "normalizer", point: crashpoint.ConsumerCommitting, times: 3},
	{fault: "F5", in: "normalizer", point: crashpoint.ConsumerCommitted, times: 3},
	{fault: "F7", in: "forwarder", point: crashpoint.ForwarderGathering, times: 10},
	{fault: "F8", in: "forwarder", point: crashpoint.ForwarderPosting, times: 5, meta: slowly("300ms", "1"), stand: "TERM"},
	{fault: "F9", in: "forwarder", point: crashpoint.ForwarderAnswered, times: 5, meta: slowly("700ms", "1"), stand: "KILL"},
	{fault: "F9", in: "forwarder", point: crashpoint.ProducerSending, times: 5},
	{fault: "F9", in: "forwarder", point: crashpoint.ProducerWritten, times: 5},
	{fault: "F9", in: "forwarder", point: crashpoint.ForwarderFated, times: 5},
	{fault: "F9", in: "forwarder", point: crashpoint.ConsumerCommitting, times: 3},
	{fault: "F9", in: "forwarder", point: crashpoint.ConsumerCommitted, times: 3},
	{fault: "F10", in: "forwarder", point: crashpoint.ForwarderIsolating, times: 3},
}

// TestCrashPoints ends each service under load by SIGKILL (F1 to F10) and SIGTERM (F13) at each of its crash points, and starts it
// again: every acknowledged event has one fate. What was normalized twice is not posted twice; what was posted twice was on its way
// when the forwarder died; SIGTERM repeats nothing and ends with status 0.
func TestCrashPoints(t *testing.T) {
	t.Parallel()
	crashing(t, "forwarder") // builds
	var cases []named
	for _, c := range crashes {
		for _, signal := range []string{"KILL", "TERM"} {
			if *every || c.stand == signal {
				cases = append(cases, named{fmt.Sprint(c.in, "/", c.point, "/", signal), func(t *testing.T) { c.ends(t, signal) }})
			}
		}
	}
	inParallel(t, cases)
}

type named struct {
	name string
	run  func(*testing.T)
}

// inParallel runs cases atATime, whatever -parallel says.
func inParallel(t *testing.T, cases []named) {
	var all sync.WaitGroup
	room := make(chan struct{}, atATime)
	for _, c := range cases {
		room <- struct{}{}
		all.Go(func() {
			defer func() { <-room }()
			t.Run(c.name, c.run)
		})
	}
	all.Wait()
}

func (c *crash) ends(t *testing.T, signal string) {
	s := newStack(t, load.Sources())
	tr := s.startTraffic(load.Options{Rate: 60, Seed: 1})
	if c.meta != "" {
		tr.meta(c.meta)
	}
	tr.waitDelivered(20)
	p := s.service(c.in)
	p.stop(stopWithin)
	p.arm(c.point, c.times, signal)
	var died time.Time
	tr.kill(fmt.Sprintf("%s at %s", signal, c.point), func() {
		p.waitReached()
		reached := time.Now()
		died = p.waitEnd(signal)
		tr.longDrain = died.Sub(reached) > drain/2
		p.start()
	})
	tr.waitRecovered()
	sheet := tr.settle(2 * time.Minute)
	twice := tr.receivedAgain()
	if signal == "TERM" || c.in != "forwarder" {
		tr.nothingTwice(sheet)
	}
	tr.uncommittedOnly(sheet, twice, died)
}

// drain is how long a process or a rebalance waits for what is out.
const drain = 8 * time.Second

// nothingTwice fails the test if something reached Meta twice.
func (tr *traffic) nothingTwice(sheet *balance.Sheet) {
	tr.s.t.Helper()
	if sheet.Twice > 0 {
		tr.wrongUnlessSlow(sheet, fmt.Sprint(sheet.Twice, " events reached Meta twice"))
	}
}

// uncommittedOnly fails the test if an event was posted again whose offset was committed when its process died.
func (tr *traffic) uncommittedOnly(sheet *balance.Sheet, twice []repeat, died time.Time) {
	tr.s.t.Helper()
	n := 0
	for _, r := range twice {
		if r.first.Before(died.Add(-uncommitted)) {
			n++
		}
	}
	if n > 0 {
		tr.wrongUnlessSlow(sheet, fmt.Sprintf("%d events were posted again that Meta had more than %s before: they were committed by then", n, uncommitted))
	}
}

// wrongUnlessSlow fails the test, unless the machine was too slow to say so: a drain may have ended, or a POST been given up, before
// Meta's answer was there, and an event that is being isolated holds up the commit of those behind it.
func (tr *traffic) wrongUnlessSlow(sheet *balance.Sheet, what string) {
	t := tr.s.t
	t.Helper()
	slow := tr.longDrain || tr.s.gaveUp()
	for _, r := range sheet.Recoveries {
		slow = slow || r.All < 0 || r.All > drain
	}
	if slow {
		t.Logf("%s, on a machine that is slow", what)
		return
	}
	t.Error(what)
}

// uncommitted is how long after Meta has an event its offset may not be committed yet: the fate is written, and commits are every
// 500 ms, here on a machine that does other things.
const uncommitted = 5 * time.Second

// repeat is an event that the sandbox received more than once.
type repeat struct {
	id          string
	first, last time.Time
}

func (tr *traffic) receivedAgain() (all []repeat) {
	tr.s.t.Helper()
	tr.receive(tr.facts)
	for id, times := range tr.facts.Received {
		if len(times) > 1 {
			slices.SortFunc(times, time.Time.Compare)
			all = append(all, repeat{id, times[0], times[len(times)-1]})
		}
	}
	return all
}

// service is a process of the stack.
func (s *stack) service(name string) *process {
	return map[string]*process{"ingest": s.ingest, "normalizer": s.normalizer, "forwarder": s.forwarder}[name]
}

// arm starts the process, which is stopped, so that it sends itself the signal when it reaches a point that often.
func (p *process) arm(point crashpoint.Point, times int, signal string) {
	p.t.Helper()
	p.path, p.env = filepath.Join(binaries, crashing(p.t, p.name)), append(armed(point, times, signal), p.env...)
	p.start()
	p.path, p.env = "", p.env[1:]
}

// waitEnd waits until the process has ended at its crash point, and returns when it did.
func (p *process) waitEnd(signal string) time.Time {
	p.t.Helper()
	select {
	case <-p.done:
	case <-time.After(2 * time.Minute):
		p.t.Fatalf("%s has not reached its crash point", p.name)
	}
	at := time.Now()
	if !strings.Contains(p.log.text(), crashed) {
		p.t.Fatalf("%s ended elsewhere: %v", p.name, p.err)
	}
	if signal == "TERM" && p.err != nil {
		p.t.Errorf("%s after SIGTERM at its crash point: %v", p.name, p.err)
	}
	return at
}

// crashed is what a process writes at its crash point.
const crashed = "crash point "

// waitReached waits until the process has reached its crash point: it has stopped itself, or is about to end.
func (p *process) waitReached() {
	p.t.Helper()
	eventually(p.t, 2*time.Minute, p.name+" reaches its crash point", func() (bool, string) {
		return strings.Contains(p.log.text(), crashed), tail(p.log.text(), 3)
	})
}
