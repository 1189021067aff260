package app

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/pkg/config"
	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/kafkatest"
	"github.com/omnicapi/omnicapi/pkg/lifecycle"
	"github.com/omnicapi/omnicapi/pkg/stream"
)

func TestMain(m *testing.M) { kafkatest.Main(m) }

const shop = "1234567890123456"

// patience is how long a test waits for what must happen: far more than it takes.
const patience = time.Minute

func secretFile(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(path, []byte(text+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func testConfig(t *testing.T, brokers []string, prefix string) *config.Config {
	t.Helper()
	mapping, err := filepath.Abs(filepath.Join("testdata", "store-mapping.json"))
	if err != nil {
		t.Fatal(err)
	}
	cfg := config.Default()
	cfg.Kafka.Brokers, cfg.Kafka.Prefix, cfg.Kafka.Partitions, cfg.Kafka.Replication = brokers, prefix, 3, 1
	cfg.Ingest.Listen, cfg.Ingest.Admin, cfg.Ingest.Deadline = "127.0.0.1:0", "127.0.0.1:0", 2*time.Second
	cfg.Datasets["shop"] = config.Dataset{ID: shop}
	token := secretFile(t, "EAAtestToken")
	cfg.Sources["backend"] = config.Source{Channel: "website", Format: "capi", Dataset: "shop", Secrets: []string{token}}
	cfg.Sources["csv"] = config.Source{Channel: "store", Format: "csv", Dataset: "shop", Secrets: []string{token}, Mapping: mapping}
	cfg.Sources["xlsx"] = config.Source{Channel: "store", Format: "xlsx", Dataset: "shop", Secrets: []string{token}, Mapping: mapping}
	return cfg
}

// process is a running ingest.
type process struct {
	public, admin string
	stop          context.CancelFunc
	done          chan error
}

func start(t *testing.T, cfg *config.Config) *process {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	p := &process{stop: cancel, done: make(chan error, 1)}
	addrs := make(chan [2]string, 2)
	d := lifecycle.Deps{Log: slog.New(slog.DiscardHandler), Level: &slog.LevelVar{}, Started: func(name, addr string) { addrs <- [2]string{name, addr} }}
	go func() { p.done <- Run(ctx, cfg, d) }()
	for range 2 {
		select {
		case a := <-addrs:
			if a[0] == "ingest" {
				p.public = "http://" + a[1]
			} else {
				p.admin = "http://" + a[1]
			}
		case err := <-p.done:
			cancel()
			t.Fatalf("ended early: %v", err)
		case <-time.After(patience):
			cancel()
			t.Fatal("did not start")
		}
	}
	t.Cleanup(func() { cancel(); http.DefaultClient.CloseIdleConnections() })
	return p
}

func call(t *testing.T, method, url, body string, headers ...string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := io.ReadAll(resp.Body)
	if err = errors.Join(err, resp.Body.Close()); err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(answer)
}

// ready waits until /readyz has the status.
func (p *process) ready(t *testing.T, status int) string {
	t.Helper()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.After(patience); ; {
		code, body := call(t, http.MethodGet, p.admin+"/readyz", "")
		if code == status {
			return body
		}
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("readyz stays %d: %s", code, body)
		}
	}
}

// shows waits until the metrics have all of some series: a request is counted when it has been answered.
func (p *process) shows(t *testing.T, series ...string) {
	t.Helper()
	for _, want := range series {
		await(t, want, func() bool {
			_, metrics := call(t, http.MethodGet, p.admin+"/metrics", "")
			return strings.Contains(metrics, want)
		})
	}
}

// TestRun: from a request to Kafka, over the wire, for Meta's wire format and Meta's own sample files.
func TestRun(t *testing.T) {
	brokers, _ := kafkatest.Brokers(t)
	client, names := kafkatest.Client(t), kafkatest.Names(t)
	kafkatest.Create(t, client, names, 3, "shop")
	p := start(t, testConfig(t, brokers, names.Prefix))
	p.ready(t, http.StatusOK)
	const bearer = "Bearer EAAtestToken"
	code, body := call(t, http.MethodPost, p.public+"/v25.0/"+shop+"/events", `{"data":[{"event_name":"Lead","event_id":"l-1"},{"event_name":"Lead","event_id":"l-2"}]}`, "Authorization", bearer)
	if code != http.StatusOK || !strings.HasPrefix(body, `{"events_received":2,`) {
		t.Fatalf("%d %s", code, body)
	}
	if got := stored(t, client, names.Events("website")); got != 2 {
		t.Errorf("%d events on the website's topic", got)
	}
	rows := 0
	for source, file := range map[string]string{"csv": "store-signals-07082024.csv", "xlsx": "store-signals-07252024.xlsx"} {
		data, err := os.ReadFile(filepath.Join("testdata", file))
		if err != nil {
			t.Fatal(err)
		}
		code, body := call(t, http.MethodPost, p.public+"/v1/sources/"+source, string(data), "Authorization", bearer)
		if code != http.StatusAccepted || !strings.Contains(body, `"rejected":[]`) {
			t.Errorf("%s: %d %s", file, code, body)
		}
		now := stored(t, client, names.Events("store"))
		if now == rows {
			t.Errorf("%s brought no event", file)
		}
		rows = now
	}
	p.shows(t,
		`omnicapi_ingest_events_total{channel="website",format="capi",result="accepted",source="backend",trust="proven"} 2`, `omnicapi_ingest_pending_bytes{pool="proven"} 0`,
		`omnicapi_ingest_request_seconds_count{code="200",route="/v{version}/{dataset}/events"} 1`,
	)
	p.stop()
	if err := <-p.done; err != nil {
		t.Errorf("a requested stop: %v", err)
	}
}

// stored counts the raw events of a topic and reads each.
func stored(t *testing.T, client *stream.Client, topic string) int {
	t.Helper()
	n := 0
	if err := client.Scan(t.Context(), topic, time.Time{}, func(r *stream.Record) error {
		n++
		var raw event.Raw
		return raw.Decode(r.Value)
	}); err != nil {
		t.Fatal(err)
	}
	return n
}

// TestMissingTopic: ingest waits for its topics, says which one, and is ready once they are there.
func TestMissingTopic(t *testing.T) {
	brokers, _ := kafkatest.Brokers(t)
	client, names := kafkatest.Client(t), kafkatest.Names(t)
	p := start(t, testConfig(t, brokers, names.Prefix))
	if body := p.ready(t, http.StatusServiceUnavailable); !strings.Contains(body, "kafka") {
		t.Errorf("readyz names no check: %s", body)
	}
	kafkatest.Create(t, client, names, 3, "shop")
	p.ready(t, http.StatusOK)
	p.stop()
	if err := <-p.done; err != nil {
		t.Error(err)
	}
}

// TestNoKafka: without a Kafka requests are 503 within the deadline, and ingest stops all the same.
func TestNoKafka(t *testing.T) {
	cfg := testConfig(t, []string{"127.0.0.1:1"}, "none.")
	cfg.Ingest.Deadline = 300 * time.Millisecond
	p := start(t, cfg)
	began := time.Now()
	code, body := call(t, http.MethodPost, p.public+"/v25.0/"+shop+"/events", `{"data":[{"event_name":"Lead"}]}`, "Authorization", "Bearer EAAtestToken")
	if code != http.StatusServiceUnavailable || !strings.Contains(body, `"code":2`) || time.Since(began) > 3*time.Second {
		t.Errorf("%d after %v: %s", code, time.Since(began), body)
	}
	p.ready(t, http.StatusServiceUnavailable)
	p.stop()
	select {
	case <-p.done: // what the producer still held is given up by name
	case <-time.After(lifecycle.StopWithin + 20*time.Second):
		t.Error("did not stop in time")
	}
}

// TestTakenPort is an error of the start, and leaves nothing running.
func TestTakenPort(t *testing.T) {
	first := start(t, testConfig(t, []string{"127.0.0.1:1"}, "none."))
	cfg := testConfig(t, []string{"127.0.0.1:1"}, "none.")
	cfg.Ingest.Listen = strings.TrimPrefix(first.public, "http://")
	if err := Run(t.Context(), cfg, lifecycle.Deps{Log: slog.New(slog.DiscardHandler), Level: &slog.LevelVar{}}); err == nil || !strings.Contains(err.Error(), "listening") {
		t.Errorf("%v", err)
	}
	first.stop()
	<-first.done
}
