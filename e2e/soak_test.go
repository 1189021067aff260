package e2e

import (
	"flag"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/e2e/load"
)

var (
	duration = flag.Duration("duration", 12*time.Second, "how long TestSoak makes faults")
	seed     = flag.Uint64("seed", 0, "of TestSoak's faults: the same seed makes the same faults in the same order; 0: another each time")
	rate     = flag.Float64("rate", 100, "events a second that TestSoak sends")
	allow    = flag.Duration("allow", 15*time.Second, "what TestSoak allows for recovery beyond the bound, on a machine that does other things")
)

// recoveryBound is how long after a kill every partition delivers again: a member's session of 8 s ends, its partitions are
// given to others, who read, post and are answered.
const recoveryBound = 15 * time.Second

// TestSoak (F12) kills and stops processes and brokers, and lets Meta and the network fail, at random under load: nothing that was
// acknowledged is lost, and every kill is recovered from.
//
//	go test ./e2e -run Soak -v -duration 1h -timeout 2h
//
// With $KAFKA_BROKERS and $E2E_KAFKA_KILL (doc.go) brokers of Apache Kafka are killed, else the embedded one.
func TestSoak(t *testing.T) {
	if end, ok := t.Deadline(); ok && time.Until(end) < *duration+time.Minute {
		t.Fatalf("go test ends this in %s: give it -timeout 0 beside -duration %s", time.Until(end).Round(time.Second), *duration)
	}
	if *seed == 0 {
		*seed = uint64(time.Now().UnixNano()) % 1_000_000
	}
	t.Logf("repeat with: -seed %d -rate %g -duration %s", *seed, *rate, *duration)

	brokers, addrs := killableBrokers(t)
	s := newSoakStack(t, addrs)
	tr := s.startTraffic(load.Options{Rate: *rate, Seed: *seed})
	tr.waitDelivered(100)
	w := newWalk(*seed, slices.Concat(ofProcesses(s.services), ofBrokers(brokers), ofNetworks(brokers), ofMeta(tr), ofLink("forwarder and Meta", s.toMeta),
		ofLink("senders and ingest", s.toIngest)))
	within := settleWithin
	for end := time.Now().Add(*duration); time.Now().Before(end); {
		if !w.next().do(tr) {
			within = time.Second // they had their time
			break
		}
	}
	sheet := tr.settle(within)
	if t.Failed() {
		t.Errorf("repeat with: -seed %d", *seed)
	}
	for _, r := range sheet.Recoveries {
		if r.Kill && (r.All < 0 || r.Felt > recoveryBound+*allow) {
			t.Errorf("recovery took longer than %s (allowed %s more): %s", recoveryBound, *allow, r)
		}
	}
}

// settleWithin is how long the events that are in flight at the end may take. A lane may be in a pause of a minute.
const settleWithin = 4 * time.Minute

// soakStack has several replicas, and links that can be cut.
type soakStack struct {
	*stack
	services         []*process
	toMeta, toIngest *link
}

func newSoakStack(t *testing.T, brokers []string) *soakStack {
	t.Helper()
	s := &soakStack{stack: newStackOn(t, brokers, load.Sources())}
	s.toMeta, s.toIngest = newLink(t, strings.TrimPrefix(s.sandboxURL, "http://")), newLink(t, strings.TrimPrefix(s.ingestURL, "http://"))
	s.ingestURL = "http://" + s.toIngest.addr
	toMeta := "OMNICAPI_GRAPH_URL=http://" + s.toMeta.addr
	s.forwarder.stop(stopWithin)
	s.forwarder.env = append(s.forwarder.env, toMeta)
	s.forwarder.start()
	normalizer, forwarder := newProcess(t, "normalizer", "-c", s.config), newProcess(t, "forwarder", "-c", s.config)
	normalizer.env = []string{"OMNICAPI_NORMALIZER_ADMIN=" + freePort(t)}
	forwarder.env = []string{"OMNICAPI_FORWARDER_ADMIN=" + freePort(t), toMeta}
	normalizer.replica, forwarder.replica = 2, 2
	normalizer.start()
	forwarder.start()
	s.services = []*process{s.ingest, s.normalizer, normalizer, s.forwarder, forwarder}
	s.waitReady()
	return s
}
