package e2e

import (
	"fmt"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/e2e/load"
)

// TestLittleProcessorTime (F67): each service has one processor, and of that 10 ms in 60 (stopped and woken again, as a quota does):
// heartbeats hold, so nobody loses a partition; nothing is lost or sent twice; it is only slower.
func TestLittleProcessorTime(t *testing.T) {
	t.Parallel()
	s := newStack(t, load.Sources())
	all := []*process{s.ingest, s.normalizer, s.forwarder}
	for _, p := range all {
		p.stop(stopWithin)
		p.env = append(p.env, "GOMAXPROCS=1")
		p.start()
	}
	s.waitReady()
	assigned := func() int {
		return strings.Count(s.normalizer.log.text()+s.forwarder.log.text(), `"partitions are assigned"`)
	}
	tr := s.startTraffic(load.Options{Rate: 60, Seed: 1})
	tr.waitDelivered(20)
	before := assigned()
	tr.fault("little processor time", func() {
		defer throttle(all)()
		<-time.After(littleFor())
		tr.waitRecovered()
	})
	if n := assigned() - before; n > 0 {
		t.Errorf("%d rebalances", n)
	}
	tr.nothingTwice(tr.settle(2 * time.Minute))
}

// littleFor is more than a session, if there is time for it.
func littleFor() time.Duration {
	if *every {
		return 15 * time.Second
	}
	return 3 * time.Second
}

// throttle gives processes 10 ms in 60 until it is undone.
func throttle(all []*process) (undo func()) {
	done := make(chan struct{})
	var throttling sync.WaitGroup
	throttling.Go(func() {
		for {
			for _, p := range all {
				_ = p.cmd.Process.Signal(syscall.SIGSTOP)
			}
			<-time.After(50 * time.Millisecond)
			for _, p := range all {
				_ = p.cmd.Process.Signal(syscall.SIGCONT)
			}
			select {
			case <-done:
				return
			case <-time.After(10 * time.Millisecond): // from now on: they get no less where the test itself is held up
			}
		}
	})
	return func() {
		close(done)
		throttling.Wait()
	}
}

// TestLittleMemory (F66): ingest, normalizer and forwarder have little memory, and senders bring large events from many connections:
// answers are 200 or 503, or the connection ends before a body is sent that is not read; no process grows beyond its bound or is ended by the system, and what was acknowledged has a fate. The bound
// is Go's own ($GOMEMLIMIT), looked at afterwards, and a control group's where the test may make one.
func TestLittleMemory(t *testing.T) {
	t.Parallel()
	s := newStack(t, "")
	for _, p := range []*process{s.ingest, s.normalizer, s.forwarder} {
		p.stop(stopWithin)
		p.env = append(p.env, "GOMEMLIMIT=64MiB", "OMNICAPI_INGEST_MAX_PENDING=8MiB")
		p.start()
		if err := p.limitMemory(most); err != nil {
			t.Logf("only Go's own limit is tested: %v", err)
		}
	}
	s.waitReady()
	var mu sync.Mutex
	var acked []string
	answers := map[int]int{}
	var senders sync.WaitGroup
	for sender := range 16 {
		senders.Go(func() {
			for n := range 10 {
				var events []map[string]any
				var ids []string
				for i := range 8 {
					id := fmt.Sprintf("large-%d-%d-%d", sender, n, i)
					e := purchase(id)
					e["custom_data"].(map[string]any)["content_name"] = strings.Repeat("large ", 20<<10)
					events, ids = append(events, e), append(ids, id)
				}
				status, answer := s.postGraph(shopID, events...)
				mu.Lock()
				if status == 0 && !strings.Contains(answer, "broken pipe") && !strings.Contains(answer, "reset by peer") && !strings.Contains(answer, "EOF") {
					t.Errorf("no answer: %s", answer)
				}
				if answers[status]++; status == http.StatusOK {
					acked = append(acked, ids...)
				}
				mu.Unlock()
			}
		})
	}
	senders.Wait()
	t.Logf("answers: %v", answers)
	if n := answers[http.StatusOK] + answers[http.StatusServiceUnavailable] + answers[0]; n != 160 || answers[http.StatusOK] == 0 {
		t.Errorf("answers: %v", answers)
	}
	s.waitFates(2*time.Minute, acked)
	for _, p := range []*process{s.ingest, s.normalizer, s.forwarder} {
		t.Logf("%s held %d MiB at most", p.name, p.peak()>>20)
		if p.peak() > most {
			t.Errorf("%s held %d MiB", p.name, p.peak()>>20)
		}
		select {
		case <-p.done:
			t.Errorf("%s ended: %v", p.name, p.err)
		default:
		}
	}
}

// most is what a process of TestLittleMemory may hold: twice what it is told to keep to, since Go's limit is a soft one.
const most = 192 << 20

// limitMemory puts the process into a control group of its own.
func (p *process) limitMemory(bytes int64) error {
	group := fmt.Sprintf("/sys/fs/cgroup/memory/omnicapi-e2e-%d", p.cmd.Process.Pid)
	if err := os.Mkdir(group, 0o700); err != nil {
		return err
	}
	cmd := p.cmd
	p.t.Cleanup(func() {
		_ = cmd.Process.Kill()
		<-p.done
		_ = os.Remove(group)
	})
	limit, pid := strconv.FormatInt(bytes, 10), strconv.Itoa(p.cmd.Process.Pid)
	for file, text := range map[string]string{"memory.limit_in_bytes": limit, "cgroup.procs": pid} {
		if err := os.WriteFile(group+"/"+file, []byte(text), 0o600); err != nil {
			return err
		}
	}
	return nil
}
