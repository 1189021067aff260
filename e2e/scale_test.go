package e2e

import (
	"fmt"
	"syscall"
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/e2e/load"
)

// scale is one way to run more consumers and then fewer.
type scale struct {
	most, least int
	signal      syscall.Signal
	stand       bool // stands for the others
}

var scales = []scale{
	{4, 2, syscall.SIGTERM, true},
	{4, 2, syscall.SIGKILL, false},
	{10, 2, syscall.SIGTERM, false},
}

// TestScale (F77) runs one normalizer and one forwarder under load, then several, then fewer: nothing is lost, SIGTERM repeats
// nothing, SIGKILL what was not committed. The balance says how long partitions stood still.
func TestScale(t *testing.T) {
	t.Parallel()
	var cases []named
	for _, c := range scales {
		if *every || c.stand {
			cases = append(cases, named{fmt.Sprintf("1-%d-%d/%s", c.most, c.least, c.signal), c.run})
		}
	}
	inParallel(t, cases)
}

func (c *scale) run(t *testing.T) {
	s := newStack(t, load.Sources())
	tr := s.startTraffic(load.Options{Rate: 100, Seed: 1})
	tr.waitDelivered(50)
	all := []*process{s.normalizer, s.forwarder}
	tr.fault(fmt.Sprint("one to ", c.most), func() {
		for n := 2; n <= c.most; n++ {
			all = append(all, s.replica(s.normalizer, n), s.replica(s.forwarder, n))
		}
		for _, p := range all[2:] {
			p.start()
		}
		for _, p := range all {
			s.waitReadyOf(p)
		}
	})
	tr.waitRecovered()
	var ended time.Time
	tr.incident(fmt.Sprint(c.most, " to ", c.least), c.signal == syscall.SIGKILL, func() {
		ended = time.Now()
		for _, p := range all[2*c.least:] {
			p.signal(c.signal)
		}
		for _, p := range all[2*c.least:] {
			<-p.done
			if c.signal == syscall.SIGTERM && p.err != nil {
				t.Errorf("%s: %v", p.label(), p.err)
			}
		}
		tr.longDrain = time.Since(ended) > drain/2
	})
	tr.waitRecovered()
	sheet := tr.settle(2 * time.Minute)
	if c.signal == syscall.SIGTERM {
		tr.nothingTwice(sheet)
	}
	tr.uncommittedOnly(sheet, tr.receivedAgain(), ended)
}

// TestRollingRestart (F77): two normalizers and two forwarders are restarted one after the other under load, ingest too, as a new
// version is rolled out: nothing is lost, nothing reaches Meta twice. TestScale stands for it unless -every is given.
func TestRollingRestart(t *testing.T) {
	if !*every {
		return
	}
	t.Parallel()
	s := newStack(t, load.Sources())
	others := []*process{s.replica(s.normalizer, 2), s.replica(s.forwarder, 2)}
	for _, p := range others {
		p.start()
	}
	tr := s.startTraffic(load.Options{Rate: 100, Seed: 1})
	tr.waitDelivered(50)
	for _, p := range append([]*process{s.forwarder, s.normalizer, s.ingest}, others...) {
		tr.fault("restart of "+p.label(), func() {
			p.stop(stopWithin)
			p.start()
			s.waitReadyOf(p)
		})
		tr.waitRecovered()
	}
	tr.nothingTwice(tr.settle(2 * time.Minute))
}
