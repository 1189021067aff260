package e2e

import (
	"net"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/pkg/broker"
)

// wired is a stack whose three services reach Kafka, and Meta, over wires.
type wired struct {
	*stack
	kafka, meta *wire
}

// brokerBehind starts a broker that is reached over a wire only: clients are told its address.
func brokerBehind(t *testing.T) *wire {
	t.Helper()
	addr := freePort(t)
	l := newWire(t, freePort(t), addr)
	_, port, err := net.SplitHostPort(addr)
	if err != nil {
		t.Fatal(err)
	}
	n, err := strconv.Atoi(port)
	if err != nil {
		t.Fatal(err)
	}
	b, err := broker.Start(broker.Options{Port: n, Advertised: l.addr()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	return l
}

// ingestDeadline is that of wired stacks.
const ingestDeadline = 2 * time.Second

func newWired(t *testing.T) *wired {
	t.Helper()
	w := &wired{kafka: brokerBehind(t)}
	w.stack = prepare(t, []string{w.kafka.addr()})
	w.meta = newWire(t, freePort(t), strings.TrimPrefix(w.sandboxURL, "http://"))
	w.graphURL = "http://" + w.meta.addr()
	w.env = []string{"OMNICAPI_INGEST_DEADLINE=" + ingestDeadline.String()}
	w.usual([]string{w.kafka.addr()}, "")
	return w
}

// nothingLost waits until all that was acknowledged has a fate, and none is a death.
func (s *stack) nothingLost(acked []string) {
	s.t.Helper()
	for id, all := range s.waitFates(2*time.Minute, acked) {
		for _, f := range all {
			if f.fate == "dead" {
				s.t.Errorf("%s: %s", id, f)
			}
		}
	}
}

// services are the three that the promise is about, with their operators' ports.
func (s *stack) services() map[*process]string {
	return map[*process]string{s.ingest: s.ingestAdmin, s.normalizer: s.normalizerAdmin, s.forwarder: s.forwarderAdmin}
}

// waitNamed waits until the /readyz of all services names a cause.
func (s *stack) waitNamed(cause string) {
	s.t.Helper()
	for p, addr := range s.services() {
		eventually(s.t, time.Minute, p.name+" names it: "+cause, func() (bool, string) {
			status, body := get(s.t, "http://"+addr+"/readyz")
			return status == http.StatusServiceUnavailable && strings.Contains(body, cause), body
		})
	}
}

// complaints are the lines of a service's log that are no information.
func (p *process) complaints() (lines []string) {
	for line := range strings.Lines(p.log.text()) {
		if !strings.Contains(line, `"level":"INFO"`) && !strings.Contains(line, `"msg":"configuration"`) {
			lines = append(lines, line)
		}
	}
	return lines
}

// recovery bounds what a healed network needs until all goes on: a few seconds, unless the machine is busy.
const recovery = time.Minute

// TestSlowNetworkToKafka (F25, F27): latency, slices, little bandwidth and connections that are reset make it slower, and nothing else.
func TestSlowNetworkToKafka(t *testing.T) {
	t.Parallel()
	w := newWired(t)
	l := w.startLoad("slow", 4, 5)
	for name, fault := range map[string]func(){
		"latency": func() { w.kafka.put("latency", map[string]int{"latency": 50, "jitter": 20}, requests, answers) },
		"slices": func() {
			w.kafka.put("slicer", map[string]int{"average_size": 200, "size_variation": 50, "delay": 100}, requests, answers)
		},
		"bandwidth": func() { w.kafka.put("bandwidth", map[string]int{"rate": 100}, requests, answers) },
		"resets": func() {
			for range 3 {
				l.waitMore(t, 20)
				w.kafka.reset()
			}
		},
	} {
		began := time.Now()
		fault()
		l.waitMore(t, 100)
		w.kafka.heal()
		t.Logf("%s: 100 events in %s", name, time.Since(began))
	}
	acked := l.end()
	w.nothingLost(acked)
	for p := range w.services() {
		if lines := p.complaints(); len(lines) > 4 {
			t.Errorf("%d lines of %s:\n%s", len(lines), p.name, strings.Join(lines, ""))
		}
	}
}

// TestNetworkToKafkaCut (F20, F26): while Kafka can't be reached, senders get 503 within ingest.deadline and all services name the
// cause, once in their logs; when the network is back they go on by themselves, and all that was acknowledged has a fate.
func TestNetworkToKafkaCut(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		cut   func(l *wire)
		cause string
	}{
		"resets":    {func(l *wire) { l.put("reset_peer", map[string]int{"timeout": 0}, requests, answers) }, "it hangs up"},
		"all of it": {func(l *wire) { l.silence(requests, answers) }, "it does not answer"},
		"answers":   {func(l *wire) { l.silence(answers) }, "it does not answer"}, // Kafka does what it is asked
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWired(t)
			l := w.startLoad(strings.ReplaceAll(name, " ", "-"), 2, 5)
			l.waitMore(t, 50)
			c.cut(w.kafka)
			w.waitNamed(c.cause)
			began := time.Now()
			status, answer := w.postGraph(shopID, purchase("refused"))
			if took := time.Since(began); status != http.StatusServiceUnavailable || took > ingestDeadline+5*time.Second {
				t.Errorf("while it is cut: %d after %s: %s", status, took, answer)
			}
			before := l.count()
			w.kafka.heal()
			began = time.Now()
			eventually(t, recovery, "events are taken", func() (bool, string) { return l.count() > before+50, strconv.Itoa(l.count()) })
			w.waitReady()
			t.Logf("all goes on %s after it is healed", time.Since(began))
			w.nothingLost(l.end())
			for p := range w.services() {
				lines := p.complaints()
				all := strings.Join(lines, "")
				lanes := strings.Count(all, "lane waits: its last heartbeat") // one line each, when it lasts for a session
				if n := strings.Count(all, "kafka can't be used"); n != 1 || lanes > 2 || len(lines)-lanes > 3 {
					t.Errorf("%d of %d lines of %s say it:\n%s", n, len(lines), p.name, strings.Join(lines, ""))
				}
			}
		})
	}
}

// TestNetworkToMeta (F34, F36, F38): whatever becomes of the way to Meta, ingest takes events, the forwarder is ready and posts again
// under the same ids, and all is delivered when it is healed.
func TestNetworkToMeta(t *testing.T) {
	t.Parallel()
	w := newWired(t)
	var acked []string
	for _, c := range []struct {
		name  string
		fault func(l *wire)
		slow  bool // it passes all the same
	}{
		{"latency", func(l *wire) { l.put("latency", map[string]int{"latency": 200, "jitter": 100}, requests, answers) }, true},
		{"slices", func(l *wire) {
			l.put("slicer", map[string]int{"average_size": 200, "size_variation": 50, "delay": 100}, requests, answers)
		}, true},
		{"bandwidth", func(l *wire) { l.put("bandwidth", map[string]int{"rate": 50}, requests, answers) }, true},
		{"refused", (*wire).part, false},
		{"reset", func(l *wire) { l.put("reset_peer", map[string]int{"timeout": 0}, requests, answers) }, false},
		{"half an answer", func(l *wire) { l.put("limit_data", map[string]int{"bytes": 40}, answers) }, false},
		{"answers", func(l *wire) { l.silence(answers) }, false},
		{"requests", func(l *wire) { l.silence(requests) }, false},
	} {
		failed := w.failedPosts()
		c.fault(w.meta)
		events, ids := numbered(t, strings.ReplaceAll(c.name, " ", "-"), 50)
		w.take(shopID, events...)
		acked = append(acked, ids...)
		if !c.slow {
			eventually(t, time.Minute, c.name+": a failed post", func() (bool, string) { return w.failedPosts() > failed, "none" })
		}
		if status, body := get(t, "http://"+w.forwarderAdmin+"/readyz"); status != http.StatusOK {
			t.Errorf("%s: the forwarder is unready: %s", c.name, body)
		}
		if !c.slow {
			w.meta.heal()
		}
		began := time.Now()
		w.nothingLost(ids)
		t.Logf("%s: delivered after %s", c.name, time.Since(began))
		w.meta.heal()
	}
	if got := len(w.arrivedIDs(shopID)); got != len(acked) {
		t.Errorf("%d events at Meta, want %d", got, len(acked))
	}
	if lines := w.forwarder.complaints(); len(lines) > 2*5 {
		t.Errorf("%d lines:\n%s", len(lines), strings.Join(lines, ""))
	}
}

var transientPosts = regexp.MustCompile(`(?m)^omnicapi_forwarder_request_seconds_count\{class="transient",dataset="shop"\} (\d+)$`)

// failedPosts is how many posts had no answer of Meta's, or none that says anything.
func (s *stack) failedPosts() int {
	_, metrics := get(s.t, "http://"+s.forwarderAdmin+"/metrics")
	n := 0
	if m := transientPosts.FindStringSubmatch(metrics); m != nil {
		n, _ = strconv.Atoi(m[1])
	}
	return n
}
