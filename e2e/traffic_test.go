package e2e

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/e2e/balance"
	"github.com/omnicapi/omnicapi/e2e/load"
)

// traffic is the load of a suite and what happens to it. A suite of faults is:
//
//	s := newStack(t, load.Sources())
//	tr := s.startTraffic(load.Options{Rate: 100, Seed: 1})
//	tr.waitDelivered(200)                                    // it flows
//	tr.kill("kill -9 forwarder", func() { s.forwarder.kill(); s.forwarder.start() })
//	tr.waitRecovered()                                       // what was in flight has ended
//	sheet := tr.settle(3 * time.Minute)                      // ends the load, waits, prints the balance, fails if it does not hold
//
// What is asserted beyond the balance (bounds of recovery, of duplicates) is the suite's, by the sheet.
type traffic struct {
	s         *stack
	load      *load.Load
	facts     *balance.Facts
	forgotten bool // the sandbox was restarted: what it received before is not known
	longDrain bool // a process took so long to end that its drain may have ended before Meta's answers

	mu        sync.Mutex
	incidents []balance.Incident
	delivered int             // fates
	promised  int             // how many accepted events were looked at
	open      map[string]bool // those of them without a fate
}

// startTraffic starts the senders. The stack's configuration has load.Sources().
func (s *stack) startTraffic(o load.Options) *traffic {
	s.t.Helper()
	o.URL = s.ingestURL
	s.control(http.MethodPut, "/_sandbox/faults", "["+load.Rule+"]")
	tr := &traffic{s: s, load: load.Start(o), facts: balance.NewFacts(s.stream, s.names), open: map[string]bool{}}
	s.t.Cleanup(func() {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		tr.load.Stop(ctx)
	})
	return tr
}

// meta sets faults of Meta's (the sandbox's rules, as JSON objects) until the next call. None: it answers as it should.
func (tr *traffic) meta(rules ...string) {
	tr.s.t.Helper()
	tr.s.control(http.MethodPut, "/_sandbox/faults", "["+strings.Join(append(rules, load.Rule), ",")+"]")
}

// kill does something that ends a process or takes it away and back, of which the sheet has a line. Its recovery is that of a kill.
func (tr *traffic) kill(name string, do func()) { tr.incident(name, true, do) }

// fault does something that holds up the pipeline for as long as do takes.
func (tr *traffic) fault(name string, do func()) { tr.incident(name, false, do) }

func (tr *traffic) incident(name string, kill bool, do func()) {
	undone := tr.begin(name, kill)
	do()
	undone()
}

// begin notes that something breaks now, until undone is called.
func (tr *traffic) begin(name string, kill bool) (undone func()) {
	in := balance.Incident{Name: name, At: time.Now(), Kill: kill}
	return func() {
		in.Until = time.Now()
		tr.mu.Lock()
		defer tr.mu.Unlock()
		tr.incidents = append(tr.incidents, in)
	}
}

// read reads the fates that are new. An error is for the caller to try again: Kafka may be down.
func (tr *traffic) read(ctx context.Context) error {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	more := tr.load.Ledger().AcceptedFrom(tr.promised)
	tr.promised += len(more)
	for _, id := range more {
		if len(tr.facts.Fates[id]) == 0 {
			tr.open[id] = true
		}
	}
	return tr.facts.ReadFates(ctx, func(id string, f balance.Fate) {
		delete(tr.open, id)
		if f.Fate == "delivered" {
			tr.delivered++
		}
	})
}

// waitDelivered waits until n more events are delivered.
func (tr *traffic) waitDelivered(n int) {
	tr.s.t.Helper()
	from := -1
	eventually(tr.s.t, 2*time.Minute, fmt.Sprint(n, " more delivered events"), func() (bool, string) {
		err := tr.read(tr.s.t.Context())
		if from < 0 {
			from = tr.delivered
		}
		return tr.delivered >= from+n, fmt.Sprint(tr.delivered-from, " ", err)
	})
}

// recoverWithin is how long what is in flight may take after a fault: a lane's pause is a minute at most.
const recoverWithin = 2 * time.Minute

// waitRecovered waits until each event that is accepted by now has a fate: every partition has gone on. If they have not in
// time, the test fails, and the balance, which is still to be made, says which are lost.
func (tr *traffic) waitRecovered() bool {
	t := tr.s.t
	t.Helper()
	var stuck []string
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.After(recoverWithin); ; {
		err := tr.read(t.Context())
		if stuck == nil {
			stuck = append([]string{}, slices.Collect(maps.Keys(tr.open))...)
		}
		stuck = slices.DeleteFunc(stuck, func(id string) bool { return !tr.open[id] })
		if err == nil && len(stuck) == 0 {
			return true
		}
		select {
		case <-tick.C:
		case <-deadline:
			t.Errorf("%d events that were in flight have not ended within %s: %v", len(stuck), recoverWithin, err)
			return false
		}
	}
}

// settle ends the load, waits until every accepted event has a fate, prints the balance, and fails the test if it does not hold.
func (tr *traffic) settle(within time.Duration) *balance.Sheet {
	t := tr.s.t
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), within)
	defer cancel()
	tr.meta()
	tr.load.Stop(ctx)
	tick := time.NewTicker(500 * time.Millisecond)
	defer tick.Stop()
	for {
		err := tr.read(ctx)
		if err == nil && len(tr.open) == 0 {
			break
		}
		select {
		case <-tick.C:
			continue
		case <-ctx.Done():
			t.Errorf("%d accepted events have no fate after %s: %v", len(tr.open), within, err)
		}
		break
	}
	entries := tr.load.Ledger().Entries()
	sheet := tr.sheet(entries)
	t.Logf("balance\n%s", sheet)
	for i, p := range sheet.Problems() {
		if i == 50 {
			t.Errorf("and %d more", len(sheet.Problems())-i)
			break
		}
		t.Error(p)
	}
	for _, w := range tr.load.Ledger().Wrong() {
		t.Errorf("an answer that no fault explains: %s", w)
	}
	tr.audit(sheet)
	return sheet
}

// audit compares what the command says with the sheet: it counts what was stored, acknowledged or not, and sees no gap.
func (tr *traffic) audit(sheet *balance.Sheet) {
	t := tr.s.t
	t.Helper()
	out, errs, code := run(t, time.Minute, "omnicapi", "audit", "-c", tr.s.config, "--output", "json")
	var line struct {
		Total struct{ Accepted, Delivered, Dead, Dropped, Gap int }
	}
	if err := json.Unmarshal([]byte(out), &line); err != nil || code != 0 {
		t.Errorf("audit: exit %d, %v\n%s%s", code, err, out, errs)
		return
	}
	if got := line.Total; got.Gap > 0 || got.Accepted < sheet.Accepted || got.Delivered < sheet.Delivered ||
		sheet.Unpromised == 0 && got.Delivered+got.Dead+got.Dropped != sheet.Accepted {
		t.Errorf("audit says %+v, the balance\n%s", got, sheet)
	}
}

// sheet reads all facts from the beginning.
func (tr *traffic) sheet(entries []load.Entry) *balance.Sheet {
	t := tr.s.t
	t.Helper()
	facts := balance.NewFacts(tr.s.stream, tr.s.names)
	ctx := t.Context()
	if err := facts.ReadFates(ctx, func(string, balance.Fate) {}); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(facts.ReadLetters(ctx), facts.ReadStored(ctx, []string{"shop", "other"})); err != nil {
		t.Fatal(err)
	}
	if !tr.forgotten {
		tr.receive(facts)
	}
	tr.mu.Lock()
	defer tr.mu.Unlock()
	return balance.Of(entries, facts, tr.incidents, true)
}

func (tr *traffic) receive(facts *balance.Facts) {
	t := tr.s.t
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, tr.s.sandboxURL+"/_sandbox/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := (&http.Client{Transport: client.Transport}).Do(req) // a long run's answer takes its time
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if err := facts.ReadReceived(res.Body); err != nil {
		t.Fatal(err)
	}
}

// TestTraffic: without a fault the balance has every term, and nothing is duplicated.
func TestTraffic(t *testing.T) {
	t.Parallel()
	s := newStack(t, load.Sources())
	tr := s.startTraffic(load.Options{Rate: 200, Seed: 1})
	tr.waitDelivered(1000)
	sheet := tr.settle(time.Minute)
	if sheet.Twice > 0 || sheet.Unpromised > 0 || sheet.Refused > 0 || sheet.Unanswered > 0 {
		t.Error("no fault was made")
	}
	for _, reason := range []string{"missing_field", "expired", "refused", "consent", "unmapped"} {
		if !strings.Contains(sheet.String(), reason) {
			t.Errorf("no event ended %s", reason)
		}
	}
}
