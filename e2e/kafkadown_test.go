package e2e

import (
	"net/http"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestKafkaDown kills Kafka: ingest answers 503 within its deadline and with bounded memory, and goes on by itself.
func TestKafkaDown(t *testing.T) {
	besideOthers(t)
	brokers, addrs := killableBrokers(t)
	s := newStackOn(t, addrs, "")
	before, beforeIDs := numbered(t, "before", 20)
	s.take(shopID, before...)
	s.waitFates(time.Minute, beforeIDs)
	for _, b := range brokers {
		b.kill()
	}
	for range 3 {
		began := time.Now()
		status, answer := s.postGraph(shopID, purchase("down"))
		if status != http.StatusServiceUnavailable {
			t.Fatalf("answer without kafka: %d %s", status, answer)
		}
		if took := time.Since(began); took > 8*time.Second { // ingest.deadline is 5 s
			t.Errorf("the 503 took %s", took)
		}
	}
	eventually(t, time.Minute, "ingest is unready", func() (bool, string) {
		status, body := get(t, "http://"+s.ingestAdmin+"/readyz")
		return status == http.StatusServiceUnavailable, strconv.Itoa(status) + " " + body
	})
	s.flood()
	for _, b := range brokers {
		b.start()
	}
	s.waitReady()
	var acked []string
	eventually(t, time.Minute, "ingest takes events again", func() (bool, string) {
		events, ids := numbered(t, "after-"+strconv.Itoa(len(acked)), 20)
		status, answer := s.postGraph(shopID, events...)
		if status == 200 {
			acked = ids
		}
		return status == 200, answer
	})
	s.waitFates(2*time.Minute, acked)
}

// flood posts much more than max_pending while Kafka is down, and checks the memory that ingest needs.
func (s *stack) flood() {
	s.t.Helper()
	l := s.startLoad("flood", 32, 200)
	eventually(s.t, 2*time.Minute, "a flood of posts", func() (bool, string) {
		l.Lock()
		defer l.Unlock()
		return l.sent > 20000, strconv.Itoa(l.sent)
	})
	if acked := l.end(); len(acked) != 0 {
		s.t.Errorf("%d events were acknowledged without kafka", len(acked))
	}
	if rss := s.ingest.memory(); rss > 400<<20 {
		s.t.Errorf("ingest holds %d MiB", rss>>20)
	}
}

// memory returns the process's resident memory in bytes, 0 on a system whose /proc does not tell it.
func (p *process) memory() int64 { return p.status("VmRSS:") }

// peak is the most that memory ever was.
func (p *process) peak() int64 { return p.status("VmHWM:") }

func (p *process) status(field string) int64 {
	status, err := os.ReadFile("/proc/" + strconv.Itoa(p.cmd.Process.Pid) + "/status")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(status)) {
		if kib, ok := strings.CutPrefix(line, field); ok {
			n, _ := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(kib), " kB"), 10, 64)
			return n << 10
		}
	}
	return 0
}
