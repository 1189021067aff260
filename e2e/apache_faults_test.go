package e2e

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/pkg/stream"
)

// TestBrokersOfAQuorum (F17, F18, F22, F23, F25, F29): brokers of three are killed, hang and come back under load: senders get 503 at
// worst, nothing that was acknowledged is lost, and the services go on by themselves.
func TestBrokersOfAQuorum(t *testing.T) {
	a := newApache(t, 3, "", "broker.session.timeout.ms=3000")
	s := newStackOn(t, a.addrs, "")
	l := s.startLoad("quorum", 4, 5)
	l.waitMore(t, 100)
	step := func(name string, breaks, mends func(), stands bool) {
		t.Helper()
		breaks()
		if stands { // for all, or for nearly all: a sender is told so
			eventually(t, time.Minute, name+": ingest says 503", func() (bool, string) {
				status, answer := s.postGraph(shopID, purchase("refused"))
				return status == http.StatusServiceUnavailable, fmt.Sprint(status, " ", answer)
			})
		} else {
			l.waitMore(t, 100)
		}
		began := time.Now()
		mends()
		before := l.count()
		eventually(t, time.Minute, name+": events are taken", func() (bool, string) { return l.count() > before+100, strconv.Itoa(l.count()) })
		s.waitReady()
		t.Logf("%s: all goes on after %s", name, time.Since(began))
	}
	for i := 1; i <= 3; i++ { // leaders and coordinators of all partitions and groups move
		step(fmt.Sprint("broker ", i, " is killed"), func() { a.kill(i) }, func() { a.restart(i) }, false)
	}
	step("broker 2 hangs", func() { a.signal(2, syscall.SIGSTOP) }, func() { a.signal(2, syscall.SIGCONT) }, false)
	step("two of three are gone", func() { a.kill(1); a.kill(3) }, func() { a.restart(3); a.restart(1) }, true)
	s.nothingLost(l.end())
}

// TestTopicsChange (F60, F62, F63): under load partitions are added, retention takes what was not read, and a topic is deleted and made
// anew: all of what is left is delivered, and what was lost is counted and logged, no more.
func TestTopicsChange(t *testing.T) {
	a := newApache(t, 1, "", "")
	s := newStackOn(t, a.addrs, "")
	const topics = "org.apache.kafka.tools.TopicCommand"
	raw := s.names.Events("website")
	l := s.startLoad("topics", 2, 5)
	l.waitMore(t, 100)
	a.cli(topics, "--alter", "--topic", raw, "--partitions", "5")
	eventually(t, time.Minute, "all partitions take events", func() (bool, string) {
		filled := s.filled(raw)
		return len(filled) == 5, fmt.Sprint(filled)
	})
	s.nothingLost(l.end())
	if lost := s.lost(); lost != 0 {
		t.Errorf("%d records were lost with more partitions", lost)
	}

	s.normalizer.stop(20 * time.Second)
	events, ids := numbered(t, "gone", 40)
	s.take(shopID, events...)
	var parts []string
	for p := range 5 {
		parts = append(parts, fmt.Sprintf(`{"topic":%q,"partition":%d,"offset":-1}`, raw, p))
	}
	file := s.write("before.json", `{"version":1,"partitions":[`+strings.Join(parts, ",")+`]}`)
	a.cli("org.apache.kafka.tools.DeleteRecordsCommand", "--offset-json-file", file)
	s.normalizer.start()
	s.waitReady()
	kept, keptIDs := numbered(t, "kept", 40)
	s.take(shopID, kept...)
	s.nothingLost(keptIDs)
	if lost := s.lost(); lost != len(ids) {
		t.Errorf("%d records were lost to retention, want %d", lost, len(ids))
	}
	if n := strings.Count(s.normalizer.log.text(), "records are gone before they were consumed"); n == 0 || n > 5 {
		t.Errorf("%d lines say so", n)
	}

	a.cli(topics, "--delete", "--topic", raw)
	eventually(t, time.Minute, "ingest says 503 without the topic", func() (bool, string) { // a broker deletes it a moment later
		status, answer := s.postGraph(shopID, purchase("nowhere"))
		return status == http.StatusServiceUnavailable, fmt.Sprint(status, " ", answer)
	})
	s.waitNamedBy(s.ingest, "is missing: run omnicapi topics apply")
	s.waitNamedBy(s.normalizer, "is missing: run omnicapi topics apply")
	if out, errs, code := run(t, time.Minute, "omnicapi", "topics", "apply", "-c", s.config); code != 0 {
		t.Fatalf("topics apply: exit %d\n%s%s", code, out, errs)
	}
	s.waitReady()
	anew, anewIDs := numbered(t, "anew", 100)
	s.take(shopID, anew...)
	s.nothingLost(anewIDs)
	s.normalizer.waitSays("the topic was made anew")
}

// waitNamedBy waits until the /readyz of one service names a cause.
func (s *stack) waitNamedBy(p *process, cause string) {
	s.t.Helper()
	eventually(s.t, time.Minute, p.name+" names it: "+cause, func() (bool, string) {
		status, body := get(s.t, "http://"+s.services()[p]+"/readyz")
		return status == http.StatusServiceUnavailable && strings.Contains(body, cause), body
	})
}

// lost is how many records the normalizer has counted as lost since it started.
func (s *stack) lost() int {
	s.t.Helper()
	_, scrape := get(s.t, "http://"+s.normalizerAdmin+"/metrics")
	sum := 0.0
	for line := range strings.Lines(scrape) {
		if strings.HasPrefix(line, "omnicapi_consumer_lost_records_total{") {
			value, err := strconv.ParseFloat(strings.TrimSpace(line[strings.LastIndex(line, " "):]), 64)
			if err != nil {
				s.t.Fatal(err)
			}
			sum += value
		}
	}
	return int(sum)
}

// filled are the partitions of a topic that hold records.
func (s *stack) filled(topic string) map[int]bool {
	s.t.Helper()
	found := map[int]bool{}
	if err := s.stream.Scan(s.t.Context(), topic, time.Time{}, func(r *stream.Record) error { found[r.Partition] = true; return nil }); err != nil {
		s.t.Fatal(err)
	}
	return found
}
