package e2e

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/pkg/capi"
	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/kafkatest"
	"github.com/omnicapi/omnicapi/pkg/stream"
)

// TestMetaAnswers (F31 to F36, F40, F42 to F44): every row of the error table, and answers that are no answers, at a running
// forwarder: what becomes of the events, of the lane, of the figures; and that it goes on by itself when the fault is over.
func TestMetaAnswers(t *testing.T) {
	t.Parallel()
	for _, row := range uncovered(capi.ErrorTable()) {
		t.Errorf("no code in metaErrors for this row of the error table: %+v", row)
	}
	rows := metaRows()
	s := newMetaSuite(t, rows)

	// The fault holds: for a while, for one event, or until a person acts.
	var rules []string
	for i := range rows {
		switch r := &rows[i]; r.want {
		case pauses:
			rules = append(rules, r.ruleFor(s.id(r), `,"times":2`))
		case kills:
			rules = append(rules, r.ruleFor(s.id(r), `,"event_id":"`+r.name+`-bad"`))
		default:
			rules = append(rules, r.ruleFor(s.id(r), ""))
		}
	}
	s.putRules(rules)
	for i := range rows {
		s.publish(rows[i].name, "good", "bad", "fine")
	}
	s.each(t, "while the fault holds", s.faultSeen)

	// A parked lane is given another token; where one event was refused, all are now.
	rules = nil
	for i := range rows {
		switch r := &rows[i]; r.want {
		case parks:
			s.writeToken(r.name, "second")
		case kills:
			rules = append(rules, r.ruleFor(s.id(r), ""))
		}
	}
	s.putRules(rules)
	for i := range rows {
		if rows[i].want == kills {
			s.publish(rows[i].name, refusedIDs...)
		}
	}
	s.each(t, "when it is mended, or meets all events", s.mendedOrWorse)

	// Meta takes everything again.
	s.putRules(nil)
	for i := range rows {
		if r := &rows[i]; r.want == kills && r.notIts {
			s.writeToken(r.name, "second")
		}
	}
	s.each(t, "when all is well", s.allEnded)
	for i := range rows {
		s.checkArrived(&rows[i])
	}
}

// refusedIDs are more than are refused in a row before a lane parks.
var refusedIDs = func() (ids []string) {
	for i := range 24 {
		ids = append(ids, fmt.Sprintf("all-%02d", i))
	}
	return ids
}()

// metaSuite is a forwarder and a sandbox, with a dataset for each row.
type metaSuite struct {
	*stack
	rows     []metaRow
	ids      map[string]string // of datasets, by name
	producer *stream.Producer

	ended  map[string][]fate // by event id
	series map[string]float64
	slept  map[string]float64 // the longest pause seen, by dataset
}

func newMetaSuite(t *testing.T, rows []metaRow) *metaSuite {
	t.Helper()
	addrs, _ := kafkatest.Brokers(t)
	s := &metaSuite{stack: prepare(t, addrs), rows: rows, ids: map[string]string{}, slept: map[string]float64{}}
	var datasets, tokens strings.Builder
	for i := range rows {
		name := rows[i].name
		s.ids[name] = strconv.Itoa(900000 + i)
		s.writeToken(name, "first")
		fmt.Fprintf(&datasets, "  %s: {id: %q, token_file: secrets/%s.token, batch: {linger: 300ms}}\n", name, s.ids[name], name)
		fmt.Fprintf(&tokens, `,%q:[%q,%q]`, s.ids[name], "first-"+name, "second-"+name)
	}
	s.config = s.write("omnicapi.yaml", fmt.Sprintf(`
datasets:
%s
kafka: {brokers: [%s], prefix: %s, partitions: 1, replication: 1}
graph: {url: "%s", timeout: 3s}
forwarder: {admin: "%s"}
sandbox: {listen: "%s"}
`, &datasets, strings.Join(addrs, ", "), s.names.Prefix, s.sandboxURL, s.forwarderAdmin, strings.TrimPrefix(s.sandboxURL, "http://")))
	if out, errs, code := run(t, 2*time.Minute, "omnicapi", "topics", "apply", "-c", s.config); code != 0 {
		t.Fatalf("topics apply: exit %d\n%s%s", code, out, errs)
	}
	s.sandbox, s.forwarder = newProcess(t, "sandbox", "-c", s.config), newProcess(t, "forwarder", "-c", s.config)
	s.sandbox.start()
	eventually(t, time.Minute, "sandbox answers", func() (bool, string) {
		status, body := get(t, s.sandboxURL+"/_sandbox/stats")
		return status == http.StatusOK, fmt.Sprint(status, " ", body)
	})
	s.control(http.MethodPut, "/_sandbox/tokens", "{"+tokens.String()[1:]+"}")
	s.forwarder.start()
	eventually(t, 2*time.Minute, "forwarder is ready", func() (bool, string) {
		status, body := get(t, "http://"+s.forwarderAdmin+"/readyz")
		return status == http.StatusOK, fmt.Sprint(status, " ", tail(body, 3))
	})
	s.producer = s.stream.NewProducer(stream.ProducerConfig{})
	t.Cleanup(func() { _ = s.producer.Close(context.Background()) })
	return s
}

func (s *metaSuite) id(r *metaRow) string { return s.ids[r.name] }

// writeToken swaps a dataset's token file for another, as an operator does.
func (s *metaSuite) writeToken(dataset, which string) {
	s.t.Helper()
	next := s.write("secrets/"+dataset+".next", which+"-"+dataset)
	if err := os.Rename(next, strings.TrimSuffix(next, "next")+"token"); err != nil {
		s.t.Fatal(err)
	}
}

// publish puts a dataset's signals on Kafka; their ids begin with its name.
func (s *metaSuite) publish(dataset string, ids ...string) {
	s.t.Helper()
	var recs []stream.Record
	for _, id := range ids {
		recs = append(recs, signalRecord(s.names.Signals(dataset), dataset+"-"+id, time.Now()))
	}
	if err := s.producer.Publish(s.t.Context(), recs...); err != nil {
		s.t.Fatal(err)
	}
}

// signalRecord is a signal as the normalizer writes them.
func signalRecord(topic, id string, at time.Time) stream.Record {
	signal := event.Signal{
		ID: []byte(id), Source: []byte("/channels/website/api"), Time: time.Now(), EventTime: at.Unix(),
		EventName: []byte("Lead"), ActionSource: []byte("website"),
	}
	return signal.Record(topic, fmt.Appendf(nil,
		`{"event_name":"Lead","event_id":%q,"event_time":%d,"action_source":"website","event_source_url":"https://shop.example.com/",`+
			`"user_data":{"em":["%064x"],"client_user_agent":"Mozilla/5.0"}}`, id, at.Unix(), 7))
}

// each waits until a row has come to what check demands, for all rows at once, and fails those that have not.
func (s *metaSuite) each(t *testing.T, when string, check func(*metaRow) (saw string)) {
	t.Helper()
	left, began := s.rows, time.Now()
	last := map[string]string{}
	tick := time.NewTicker(250 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(4 * time.Minute); len(left) > 0 && time.Now().Before(deadline); <-tick.C {
		s.look()
		var open []metaRow
		for i := range left {
			if saw := check(&left[i]); saw != "" {
				last[left[i].name] = saw
				open = append(open, left[i])
			}
		}
		left = open
	}
	for i := range left {
		t.Errorf("%s (%s), %s: %s", left[i].name, left[i].want, when, last[left[i].name])
	}
	if len(left) > 0 {
		t.FailNow()
	}
	t.Logf("%s: %s", when, time.Since(began).Round(time.Second/10))
}

// look reads fates and figures.
func (s *metaSuite) look() {
	s.t.Helper()
	s.ended = s.fates()
	_, text := get(s.t, "http://"+s.forwarderAdmin+"/metrics")
	s.series = map[string]float64{}
	for lines := bufio.NewScanner(strings.NewReader(text)); lines.Scan(); {
		if name, value, ok := strings.Cut(lines.Text(), "} "); ok {
			s.series[name+"}"], _ = strconv.ParseFloat(value, 64)
		}
	}
	for name := range s.ids {
		s.slept[name] = max(s.slept[name], s.series[fmt.Sprintf(`omnicapi_lane_throttle_seconds{dataset=%q}`, name)])
	}
}

// posts is how many POSTs of a row's dataset were answered by a class.
func (s *metaSuite) posts(r *metaRow, class capi.Class) float64 {
	return s.series[fmt.Sprintf(`omnicapi_forwarder_request_seconds_count{class=%q,dataset=%q}`, class, r.name)]
}

func (s *metaSuite) parkedFor(r *metaRow, reason string) bool {
	return s.series[fmt.Sprintf(`omnicapi_lane_parked{dataset=%q,reason=%q}`, r.name, reason)] == 1
}

// ends says what an event has come to: "", "delivered", "dead refused 100/33".
func (s *metaSuite) ends(r *metaRow, id string) string {
	var all []string
	for _, f := range s.ended[r.name+"-"+id] {
		all = append(all, f.String())
	}
	return strings.Join(all, ", ")
}

// count is how many of a row's events ended so, in the outcomes.
func (s *metaSuite) count(r *metaRow, ids []string, end string) (n int) {
	for _, id := range ids {
		if s.ends(r, id) == end {
			n++
		}
	}
	return n
}

func (s *metaSuite) dead(r *metaRow) string {
	return strings.TrimSpace("dead " + r.deadReason() + " " + r.detail)
}
