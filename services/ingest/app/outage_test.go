package app

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/pkg/kafkatest"
	"github.com/omnicapi/omnicapi/pkg/lifecycle"
	"github.com/omnicapi/omnicapi/pkg/mapfile"
	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/pkg/topic"
)

const bearer = "Bearer EAAtestToken"

// stoppable is ingest on a broker that the test may kill.
func stoppable(t *testing.T, deadline time.Duration) (p *process, client *stream.Client, names topic.Names, kill, again func()) {
	t.Helper()
	addrs, kill, again := kafkatest.Stoppable(t)
	client, err := stream.Open(stream.Config{Brokers: addrs, ClientID: "test"}, slog.New(slog.DiscardHandler), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	names = kafkatest.Names(t)
	kafkatest.Create(t, client, names, 3, "shop")
	cfg := testConfig(t, addrs, names.Prefix)
	cfg.Ingest.Deadline = deadline
	p = start(t, cfg)
	p.ready(t, http.StatusOK)
	return p, client, names, kill, again
}

type said struct {
	status int
	after  string
	body   string
	took   time.Duration
	err    error
}

// post posts one event in its own goroutine.
func (p *process) post(ctx context.Context, id string) <-chan said {
	out := make(chan said, 1)
	go func() {
		began := time.Now()
		var a said
		defer func() { a.took = time.Since(began); out <- a }()
		r, err := http.NewRequestWithContext(ctx, http.MethodPost, p.public+"/v25.0/"+shop+"/events", strings.NewReader(`{"data":[{"event_name":"Lead","event_id":"`+id+`"}]}`))
		if err != nil {
			a.err = err
			return
		}
		r.Header.Set("Authorization", bearer)
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			a.err = err
			return
		}
		body, err := io.ReadAll(resp.Body)
		a.status, a.after, a.body, a.err = resp.StatusCode, resp.Header.Get("Retry-After"), string(body), errors.Join(err, resp.Body.Close())
	}()
	return out
}

// TestKafkaGoesAndComesBack: without Kafka requests are 503 with Retry-After within the deadline and ingest is not ready;
// when it is back, both pass by themselves.
func TestKafkaGoesAndComesBack(t *testing.T) {
	const deadline = time.Second
	p, client, names, kill, again := stoppable(t, deadline)
	if a := <-p.post(t.Context(), "before"); a.status != http.StatusOK {
		t.Fatalf("%+v", a)
	}
	kill()
	a := <-p.post(t.Context(), "without")
	if seconds, err := strconv.Atoi(a.after); a.status != http.StatusServiceUnavailable || err != nil || seconds < 1 || a.took > deadline+500*time.Millisecond {
		t.Errorf("without kafka: %+v", a)
	}
	p.ready(t, http.StatusServiceUnavailable)
	again()
	p.ready(t, http.StatusOK)
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for a = <-p.post(t.Context(), "after"); a.status != http.StatusOK; a = <-p.post(t.Context(), "after") {
		if a.status != http.StatusServiceUnavailable {
			t.Fatalf("%+v", a)
		}
		<-tick.C
	}
	if got := stored(t, client, names.Events("website")); got < 2 {
		t.Errorf("%d events stored, 2 were acknowledged", got)
	}
	p.stop()
	if err := <-p.done; err != nil {
		t.Error(err)
	}
}

// TestStopFlushes: a request that is being stored when the stop comes is answered when Kafka has it; new ones are
// refused; all of it within the bound of a stop.
func TestStopFlushes(t *testing.T) {
	p, client, names, kill, again := stoppable(t, 8*time.Second)
	if a := <-p.post(t.Context(), "before"); a.status != http.StatusOK {
		t.Fatalf("%+v", a)
	}
	kill()
	flight := p.post(t.Context(), "in-flight")
	pending(t, p)
	began := time.Now()
	p.stop()
	refusedWithin(t, strings.TrimPrefix(p.public, "http://"), 3*time.Second)
	select {
	case a := <-flight:
		t.Fatalf("answered without kafka: %+v", a)
	case err := <-p.done:
		t.Fatalf("ended before its request: %v", err)
	default:
	}
	again()
	if a := <-flight; a.status != http.StatusOK || a.err != nil {
		t.Errorf("in flight: %+v", a)
	}
	if err := <-p.done; err != nil {
		t.Error(err)
	}
	if took := time.Since(began); took > lifecycle.StopWithin {
		t.Errorf("the stop took %v", took)
	}
	if got := stored(t, client, names.Events("website")); got != 2 {
		t.Errorf("%d events stored, 2 were acknowledged", got)
	}
}

// pending waits until the producer holds an event that Kafka has not taken.
func pending(t *testing.T, p *process) {
	t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.After(patience); ; {
		_, metrics := call(t, http.MethodGet, p.admin+"/metrics", "")
		if _, rest, ok := strings.Cut(metrics, "\nomnicapi_ingest_pending_bytes{pool=\"proven\"} "); ok && !strings.HasPrefix(rest, "0\n") {
			return
		}
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatal("nothing is pending")
		}
	}
}

// refusedWithin waits until nobody takes connections at the address.
func refusedWithin(t *testing.T, addr string, d time.Duration) {
	t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.After(d); ; {
		c, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", addr)
		if err != nil {
			return
		}
		if err := c.Close(); err != nil {
			t.Fatal(err)
		}
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatal("connections are still taken")
		}
	}
}

// TestRowsOfAFile: the rows that send splits from a file get the same ids as the file itself; a broken row is told by
// its row.
func TestRowsOfAFile(t *testing.T) {
	brokers, _ := kafkatest.Brokers(t)
	client, names := kafkatest.Client(t), kafkatest.Names(t)
	kafkatest.Create(t, client, names, 3, "shop")
	p := start(t, testConfig(t, brokers, names.Prefix))
	mapping, err := os.ReadFile("testdata/store-mapping.json")
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.ReadFile("testdata/store-signals-07082024.csv")
	if err != nil {
		t.Fatal(err)
	}
	m, err := mapfile.Parse(mapping)
	if err != nil {
		t.Fatal(err)
	}
	var rows strings.Builder
	count := 0
	if err := m.Split(strings.NewReader(string(file)), mapfile.CSV, func(row mapfile.Row) bool {
		rows.Write(row.Item)
		rows.WriteByte('\n')
		count++
		return true
	}); err != nil {
		t.Fatal(err)
	}
	code, whole := call(t, http.MethodPost, p.public+"/v1/sources/csv", string(file), "Authorization", bearer)
	if code != http.StatusAccepted {
		t.Fatalf("%d %s", code, whole)
	}
	code, split := call(t, http.MethodPost, p.public+"/v1/sources/csv", rows.String(), "Authorization", bearer, "Content-Type", "application/x-ndjson")
	if code != http.StatusAccepted || split != whole || !strings.Contains(split, `"accepted":`+strconv.Itoa(count)+",") {
		t.Errorf("%d rows: %d\n%s\n%s", count, code, split, whole)
	}
	if got := stored(t, client, names.Events("store")); got != 2*count {
		t.Errorf("%d events stored, %d sent", got, 2*count)
	}
	code, text := call(t, http.MethodPost, p.public+"/v1/sources/csv", "{\n"+`{"row":9,"lines":"none"}`+"\n"+rows.String(), "Authorization", bearer, "Content-Type", "application/x-ndjson")
	if code != http.StatusAccepted || !strings.Contains(text, `{"index":0,"reason":"undecodable"`) || !strings.Contains(text, `{"index":1,"row":9,"field":"lines","reason":"undecodable"`) {
		t.Errorf("broken rows: %d %s", code, text)
	}
	p.stop()
	if err := <-p.done; err != nil {
		t.Error(err)
	}
}
