package e2e

import (
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/kafkatest"
	"github.com/omnicapi/omnicapi/pkg/stream"
)

var backlogEvents = flag.Int("backlog", 20_000, "events that TestBacklog lets pile up")

// A process that drains a backlog takes at most this much more memory at the end than when a tenth was drained.
const (
	flatFactor = 1.5
	flatSlack  = 48 << 20 // for processes that are still small
)

// TestBacklog (F45, F74): ingest takes events at its full rate while nothing consumes, then normalizer and forwarder drain them into
// the sandbox: none is lost, what is too old is dead and nothing else, memory is flat. It prints both rates.
//
//	go test ./e2e -run Backlog -backlog 2000000 -v -timeout 2h
func TestBacklog(t *testing.T) {
	s := newBacklogStack(t)
	b := newBacklog(*backlogEvents)

	began := time.Now()
	filling := s.watch(s.ingestAdmin, "ingest", func() int { return b.acknowledged() })
	b.send(t, s)
	ingest := time.Since(began)
	s.report(t, "ingest", len(b.state), ingest, filling)
	if n := b.acknowledged(); n != len(b.state) {
		t.Fatalf("%d of %d events were answered 2xx", n, len(b.state))
	}

	began = time.Now()
	s.normalizer.start()
	s.forwarder.start()
	draining := append(s.watch(s.normalizerAdmin, "normalizer", s.ended), s.watch(s.forwarderAdmin, "forwarder", s.ended)...)
	s.drain(t, len(b.state))
	drain := time.Since(began)
	s.report(t, "drain", len(b.state), drain, draining)
	t.Logf("drained at %.2f of the rate of ingest", ingest.Seconds()/drain.Seconds())

	s.readFates(t, b)
	b.check(t)
	s.checkSandbox(t, b)
}

type backlogStack struct {
	*stack
	stopped chan struct{}
}

func newBacklogStack(t *testing.T) *backlogStack {
	t.Helper()
	addrs, kind := kafkatest.Brokers(t)
	if kind == kafkatest.Embedded && *backlogEvents > 200_000 {
		t.Fatalf("%d events do not fit into the memory of an embedded broker: tools/kafka start, and set KAFKA_BROKERS", *backlogEvents)
	}
	s := &backlogStack{stack: prepare(t, addrs), stopped: make(chan struct{})}
	s.write("secrets/shop.token", shopToken)
	s.write("secrets/other.token", otherToken)
	s.write("secrets/api", apiSecret)
	s.config = s.write("omnicapi.yaml", fmt.Sprintf(`
datasets:
  shop: {id: %q, token_file: secrets/shop.token}
  other: {id: %q, token_file: secrets/other.token}
sources:
  web: {channel: website, format: capi, dataset: shop, secrets: [secrets/api]}
  crm: {channel: crm, format: capi, dataset: other, secrets: [secrets/api]}
  till: {channel: store, format: capi, dataset: shop, secrets: [secrets/api]}
kafka: {brokers: [%s], prefix: %s, partitions: 6, replication: 1}
graph: {url: %q, timeout: 30s}
ingest: {listen: %q, admin: %q, deadline: 30s}
normalizer: {admin: %q}
forwarder: {admin: %q}
sandbox: {listen: %q, keep: 1000}
`, shopID, otherID, strings.Join(addrs, ", "), s.names.Prefix, s.sandboxURL, strings.TrimPrefix(s.ingestURL, "http://"), s.ingestAdmin,
		s.normalizerAdmin, s.forwarderAdmin, strings.TrimPrefix(s.sandboxURL, "http://")))
	if out, errs, code := run(t, 2*time.Minute, "omnicapi", "topics", "apply", "-c", s.config); code != 0 {
		t.Fatalf("topics apply: exit %d\n%s%s", code, out, errs)
	}
	s.sandbox, s.ingest = newProcess(t, "sandbox", "-c", s.config), newProcess(t, "ingest", "-c", s.config)
	s.normalizer, s.forwarder = newProcess(t, "normalizer", "-c", s.config), newProcess(t, "forwarder", "-c", s.config)
	s.sandbox.start()
	s.ingest.start()
	for _, url := range []string{s.sandboxURL + "/livez", "http://" + s.ingestAdmin + "/readyz"} {
		eventually(t, time.Minute, url, func() (bool, string) {
			status, body := get(t, url)
			return status == http.StatusOK, fmt.Sprint(status, " ", body)
		})
	}
	return s
}

// drain waits until all events have ended, as the services count them. It has no limit of its own but that they go on.
func (s *backlogStack) drain(t *testing.T, n int) {
	t.Helper()
	most, at := 0, time.Now()
	for tick := time.NewTicker(lookEvery()); ; <-tick.C {
		switch ended := s.ended(); {
		case ended >= n:
			return
		case ended > most:
			most, at = ended, time.Now()
		case time.Since(at) > 5*time.Minute:
			t.Fatalf("%d of %d events have ended, and none for five minutes", ended, n)
		}
	}
}

// ended is how many events have a fate, as the services count.
func (s *backlogStack) ended() int {
	sum := 0.0
	for addr, name := range map[string]string{s.normalizerAdmin: "omnicapi_normalizer_events_total", s.forwarderAdmin: "omnicapi_forwarder_events_total"} {
		_, text := get(s.t, "http://"+addr+"/metrics")
		for series, v := range figures(text, name) {
			if !strings.Contains(series, `result="published"`) {
				sum += v
			}
		}
	}
	return int(sum)
}

// readFates reads the outcomes of all events.
func (s *backlogStack) readFates(t *testing.T, b *backlog) {
	t.Helper()
	err := s.stream.Scan(t.Context(), s.names.Outcomes(), time.Time{}, func(r *stream.Record) error {
		o, err := event.DecodeOutcome(r.Value)
		if err != nil {
			return err
		}
		for _, e := range o.Events {
			b.ended(e.ID, string(e.Fate), string(e.Reason))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// checkSandbox compares Meta's own count. An answer that came too late makes duplicates there.
func (s *backlogStack) checkSandbox(t *testing.T, b *backlog) {
	t.Helper()
	_, text := get(t, s.sandboxURL+"/_sandbox/stats")
	var stats struct {
		Total struct {
			Unique     int `json:"unique_events"`
			Duplicates int `json:"duplicate_events"`
		} `json:"total"`
	}
	if err := json.Unmarshal([]byte(text), &stats); err != nil {
		t.Fatal(err)
	}
	t.Logf("  at the sandbox %d; again %d", stats.Total.Unique, stats.Total.Duplicates)
	if want := b.want()["delivered"]; stats.Total.Unique != want {
		t.Errorf("%d events at the sandbox, want %d", stats.Total.Unique, want)
	}
}

// report prints a rate, and fails the test if the memory of a process was not flat.
func (s *backlogStack) report(t *testing.T, what string, n int, took time.Duration, all []*memory) {
	t.Helper()
	close(s.stopped)
	s.stopped = make(chan struct{})
	t.Logf("%s: %d events in %s, %.0f a second", what, n, took.Round(time.Second/10), float64(n)/took.Seconds())
	for _, m := range all {
		<-m.done
		tenth, end, most := m.at(n/10), m.samples[len(m.samples)-1].bytes, slices.MaxFunc(m.samples, func(a, b sample) int { return a.bytes - b.bytes }).bytes
		t.Logf("  %-10s resident: %d MiB at a tenth, %d MiB at the end, %d MiB at most", m.name, tenth>>20, end>>20, most>>20)
		if limit := int(flatFactor*float64(tenth)) + flatSlack; end > limit || most > limit+flatSlack {
			t.Errorf("the memory of %s is not flat: more than %d MiB", m.name, limit>>20)
		}
	}
}
