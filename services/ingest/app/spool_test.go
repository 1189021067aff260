package app

import (
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/pkg/config"
	"github.com/omnicapi/omnicapi/pkg/kafkatest"
	"github.com/omnicapi/omnicapi/pkg/lifecycle"
	"github.com/omnicapi/omnicapi/pkg/stream"
)

// beacon posts an event that its sender does not repeat.
func (p *process) beacon(t *testing.T, id string) (status int, took time.Duration) {
	t.Helper()
	began := time.Now()
	status, _ = call(t, http.MethodPost, p.public+"/v1/website/collect", `{"event_name":"Lead","event_id":"`+id+`"}`, "Content-Type", "application/json", "Authorization", bearer)
	return status, time.Since(began)
}

// gauge waits until a metric of ingest's is as ok says.
func (p *process) gauge(t *testing.T, name string, ok func(float64) bool) {
	t.Helper()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.After(2 * patience); ; {
		_, metrics := call(t, http.MethodGet, p.admin+"/metrics", "")
		_, rest, found := strings.Cut(metrics, "\n"+name+" ")
		value, _, _ := strings.Cut(rest, "\n")
		if v, err := strconv.ParseFloat(value, 64); found && err == nil && ok(v) {
			return
		}
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("%s stays %q", name, value)
		}
	}
}

// TestSpoolOverAnOutage: without Kafka beacons are taken, also by a process that starts then, which stays ready and says why; who
// repeats is asked to. A stop leaves the spool as it is; when Kafka is back, all of it goes there.
func TestSpoolOverAnOutage(t *testing.T) {
	t.Parallel()
	addrs, kill, again := kafkatest.Stoppable(t)
	client, err := stream.Open(stream.Config{Brokers: addrs, ClientID: "test"}, slog.New(slog.DiscardHandler), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	names := kafkatest.Names(t)
	kafkatest.Create(t, client, names, 3, "shop")
	cfg := testConfig(t, addrs, names.Prefix)
	cfg.Sources["beacon"] = config.Source{Channel: "website", Format: "collect", Dataset: "shop", Secrets: cfg.Sources["backend"].Secrets}
	cfg.Ingest.Spool.Dir = filepath.Join(t.TempDir(), "spool")
	p := start(t, cfg)
	p.ready(t, http.StatusOK)
	if status, _ := p.beacon(t, "with-kafka"); status != http.StatusAccepted {
		t.Fatal(status)
	}
	p.gauge(t, "omnicapi_ingest_spool_events", func(v float64) bool { return v == 0 })
	kill()
	if status, took := p.beacon(t, "first"); status != http.StatusAccepted || took > cfg.Ingest.Deadline+time.Second {
		t.Errorf("the first: %d after %v", status, took)
	}
	for range 20 {
		if status, _ := p.beacon(t, "more"); status != http.StatusAccepted {
			t.Error(status)
		}
	}
	if a := <-p.post(t.Context(), "repeated"); a.status != http.StatusServiceUnavailable {
		t.Errorf("a sender that repeats: %+v", a)
	}
	p.gauge(t, "omnicapi_ingest_spool_events", func(v float64) bool { return v == 21 })
	if body := p.ready(t, http.StatusOK); !strings.Contains(body, "what comes once is spooled") || !strings.Contains(body, `"spool":"ok"`) {
		t.Errorf("readyz: %s", body)
	}
	p.stop()
	<-p.done // what the requests' producer holds is given up, which is an error

	p = start(t, cfg) // without Kafka
	if status, _ := p.beacon(t, "after the restart"); status != http.StatusAccepted {
		t.Error(status)
	}
	p.gauge(t, "omnicapi_ingest_spool_events", func(v float64) bool { return v == 22 })
	again()
	p.gauge(t, "omnicapi_ingest_spool_events", func(v float64) bool { return v == 0 })
	p.gauge(t, "omnicapi_ingest_spool_drained_total", func(v float64) bool { return v == 22 })
	if got := stored(t, client, names.Events("website")); got < 23 {
		t.Errorf("%d events stored, 23 were acknowledged", got)
	}
	p.ready(t, http.StatusOK)
	p.stop()
	if err := <-p.done; err != nil {
		t.Error(err)
	}
}

// TestSpoolThatIsRefused: a folder that others may read ends the start with what mends it, and nothing is left open.
func TestSpoolThatIsRefused(t *testing.T) {
	cfg := testConfig(t, []string{"127.0.0.1:1"}, "p.")
	cfg.Ingest.Spool.Dir = t.TempDir()
	if err := os.Chmod(cfg.Ingest.Spool.Dir, 0o755); err != nil {
		t.Fatal(err)
	}
	err := Run(t.Context(), cfg, lifecycle.Deps{Log: slog.New(slog.DiscardHandler), Level: &slog.LevelVar{}})
	if err == nil || !strings.Contains(err.Error(), "ingest.spool") || !strings.Contains(err.Error(), "run: chmod 700 "+cfg.Ingest.Spool.Dir) {
		t.Errorf("started: %v", err)
	}
}
