package e2e

import (
	"fmt"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/e2e/load"
	"github.com/omnicapi/omnicapi/pkg/crashpoint"
)

// stopped is longer than a session of the group, than a sender waits, and than ingest waits for Kafka.
const stopped = 12 * time.Second

var sleepers = []crash{
	{fault: "F2", in: "ingest", point: crashpoint.IngestBeforeWrite, times: 40},
	{fault: "F2", in: "ingest", point: crashpoint.IngestWritten, times: 40, stand: "STOP"},
	{fault: "F26", in: "normalizer", point: crashpoint.NormalizerRead, times: 20, stand: "STOP"},
	{fault: "F26", in: "normalizer", point: crashpoint.NormalizerPublished, times: 20},
	{fault: "F26", in: "normalizer", point: crashpoint.ConsumerCommitting, times: 3},
	{fault: "F26", in: "forwarder", point: crashpoint.ForwarderGathering, times: 10},
	{fault: "F26", in: "forwarder", point: crashpoint.ForwarderPosting, times: 5},
	{fault: "F26", in: "forwarder", point: crashpoint.ForwarderAnswered, times: 5},
	{fault: "F26", in: "forwarder", point: crashpoint.ConsumerCommitting, times: 3},
}

// TestWokenAtCrashPoints stops each service at its crash points (SIGSTOP) for longer than a session, lets another take over, and
// wakes it (F26, TestWokenZombie's siblings). A woken normalizer publishes what another has published: it is dropped under its id. A
// woken forwarder posts nothing; what it had posted before, another has posted again. A woken ingest answers nobody, and its senders
// have repeated.
func TestWokenAtCrashPoints(t *testing.T) {
	t.Parallel()
	crashing(t, "forwarder") // builds
	var cases []named
	for _, c := range sleepers {
		if *every || c.stand != "" {
			cases = append(cases, named{fmt.Sprint(c.in, "/", c.point), c.sleeps})
		}
	}
	inParallel(t, cases)
}

func (c *crash) sleeps(t *testing.T) {
	s := newStack(t, load.Sources())
	tr := s.startTraffic(load.Options{Rate: 60, Seed: 1})
	tr.waitDelivered(20)
	p := s.service(c.in)
	p.stop(stopWithin)
	p.arm(c.point, c.times, "STOP")
	var asleep, woke time.Time
	tr.fault(fmt.Sprint("STOP at ", c.point), func() {
		p.waitReached()
		asleep = time.Now()
		if c.in == "ingest" {
			<-time.After(stopped)
		} else {
			s.replica(p, 2).start()
			tr.waitRecovered()
			tr.waitRecovered() // it has caught up
		}
		woke = time.Now()
		p.signal(syscall.SIGCONT)
	})
	tr.waitRecovered()
	s.waitReady()
	sheet := tr.settle(2 * time.Minute)
	if c.in != "forwarder" {
		tr.nothingTwice(sheet)
	}
	twice := tr.receivedAgain()
	tr.uncommittedOnly(sheet, twice, asleep)
	again := 0
	for _, r := range twice {
		if r.first.Before(asleep) && r.last.After(woke) {
			again++
		}
	}
	if again > 0 {
		tr.wrongUnlessSlow(sheet, fmt.Sprint(again, " events were posted again by the process that woke up, or after it"))
	}
	t.Logf("%d duplicates were dropped, of which senders made %d", sheet.Repeats, tr.load.Ledger().Repeats())
}

// replica is another process like p, not started.
func (s *stack) replica(p *process, number int) *process {
	s.t.Helper()
	r := newProcess(s.t, p.name, p.args...)
	r.replica = number
	r.env = []string{"OMNICAPI_" + strings.ToUpper(p.name) + "_ADMIN=" + freePort(s.t)}
	return r
}

// waitReadyOf waits until one process, a replica perhaps, can do its job.
func (s *stack) waitReadyOf(p *process) {
	s.t.Helper()
	addr := map[string]string{"ingest": s.ingestAdmin, "normalizer": s.normalizerAdmin, "forwarder": s.forwarderAdmin}[p.name]
	if p.replica > 0 {
		_, addr, _ = strings.Cut(p.env[0], "=")
	}
	eventually(s.t, time.Minute, p.label()+" is ready", func() (bool, string) {
		status, body := get(s.t, "http://"+addr+"/readyz")
		return status == 200, fmt.Sprint(status, " ", body)
	})
}
