package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/pkg/broker"
	"github.com/omnicapi/omnicapi/pkg/config"
	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/pkg/topic"
)

// within bounds each wait of this test.
const within = 2 * time.Minute

var (
	jane = strings.Repeat("a1", 32)
	john = strings.Repeat("b2", 32)
	judy = strings.Repeat("c3", 32)
)

// TestAudience runs the service as a user does beside `omnicapi up`: it reads signals, keeps its list, dead-letters what
// is no signal, stops on SIGTERM, and goes on behind what it had done.
func TestAudience(t *testing.T) {
	dir := t.TempDir()
	b, err := broker.Start(broker.Options{Dir: filepath.Join(dir, "data")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	})
	writeConfig(t, dir)
	names, client := topic.Names{Prefix: "test."}, open(t, b.Addr(), filepath.Join(dir, "data"))
	if _, err := client.Apply(t.Context(), names.Specs([]string{"shop"}, 2, 1), false); err != nil {
		t.Fatal(err)
	}
	publish(t, client,
		signal(t, names, "e-1", "Purchase", jane, john), signal(t, names, "e-2", "PageView", judy),
		signal(t, names, "e-3", "Purchase", john), stream.Record{Topic: names.Signals("shop"), Key: []byte("e-4"), Value: []byte("{}")})

	binary := build(t)
	p := start(t, binary, dir)
	p.awaitRecords(t, 3, 1)
	if got := listed(t, dir); len(got) != 2 || !got[jane] || !got[john] {
		t.Errorf("the list holds %v", got)
	}
	p.terminate(t)
	letters := 0
	if err := client.Scan(t.Context(), names.DeadLetters(), time.Time{}, func(r *stream.Record) error {
		letters++
		if stage := string(r.Header("dlq_stage")); stage != "audience" || string(r.Key) != "e-4" {
			t.Errorf("a dead letter of %s: %s", stage, r.Key)
		}
		return nil
	}); err != nil || letters != 1 {
		t.Errorf("%d dead letters, %v", letters, err)
	}

	publish(t, client, signal(t, names, "e-5", "Purchase", judy))
	p = start(t, binary, dir)
	p.awaitRecords(t, 1, 0) // only the new one: the offsets of the others were committed
	if got := listed(t, dir); len(got) != 3 || !got[judy] {
		t.Errorf("the list holds %v", got)
	}
	p.terminate(t)
}

func writeConfig(t *testing.T, dir string) {
	t.Helper()
	text := "kafka: {prefix: test.}\ndatasets: {shop: {id: \"1234567890123456\", token_file: shop.token}}\n"
	for name, content := range map[string]string{"omnicapi.yaml": text, "shop.token": "token"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func open(t *testing.T, addr, data string) *stream.Client {
	t.Helper()
	kafka, err := stream.ConfigOf(config.Kafka{Brokers: []string{addr}, SASL: broker.LoginTo(data)}, "test")
	if err != nil {
		t.Fatal(err)
	}
	c, err := stream.Open(kafka, slog.New(slog.DiscardHandler), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func signal(t *testing.T, names topic.Names, id, name string, emails ...string) stream.Record {
	t.Helper()
	now := time.Now()
	s := event.Signal{ID: []byte(id), Source: []byte("/channels/website/shop"), Time: now, EventTime: now.Unix(), EventName: []byte(name)}
	body, err := json.Marshal(map[string]any{"event_name": name, "user_data": map[string]any{"em": emails}})
	if err != nil {
		t.Fatal(err)
	}
	return s.Record(names.Signals("shop"), body)
}

func publish(t *testing.T, c *stream.Client, recs ...stream.Record) {
	t.Helper()
	p := c.NewProducer(stream.ProducerConfig{})
	if err := p.Publish(t.Context(), recs...); err != nil {
		t.Fatal(err)
	}
	if err := p.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func build(t *testing.T) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "audience")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		t.Fatalf("building: %v\n%s", err, out)
	}
	return binary
}

// process is a running audience.
type process struct {
	cmd   *exec.Cmd
	admin string
	ended chan error
}

// start runs the service until it says where its operators' port is.
func start(t *testing.T, binary, dir string) *process {
	t.Helper()
	p := &process{ended: make(chan error, 1)}
	p.cmd = exec.CommandContext(t.Context(), binary, "-c", filepath.Join(dir, "omnicapi.yaml"),
		"-list", filepath.Join(dir, "audience.txt"), "-admin", "127.0.0.1:0")
	stderr, err := p.cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	said := make(chan string, 1)
	go func() {
		for lines := bufio.NewScanner(stderr); lines.Scan(); {
			var line struct{ Admin string }
			if json.Unmarshal(lines.Bytes(), &line) == nil && line.Admin != "" {
				said <- line.Admin
			}
		}
		p.ended <- p.cmd.Wait()
	}()
	select {
	case p.admin = <-said:
	case err := <-p.ended:
		t.Fatalf("ended at its start: %v", err)
	case <-time.After(within):
		t.Fatal("does not start")
	}
	return p
}

// awaitRecords waits until the service has handled and dead-lettered so many records, and no more.
func (p *process) awaitRecords(t *testing.T, handled, dead int) {
	t.Helper()
	want := []string{
		fmt.Sprintf("omnicapi_consumer_records_total{consumer=\"audience\",result=\"handled\"} %d\n", handled),
		fmt.Sprintf("omnicapi_consumer_records_total{consumer=\"audience\",result=\"dead\"} %d\n", dead),
		`omnicapi_consumer_lag_records{partition="0",topic="test.signals.shop"} 0`,
		`omnicapi_consumer_lag_records{partition="1",topic="test.signals.shop"} 0`,
	}
	var got string
	for deadline := time.Now().Add(within); time.Now().Before(deadline); <-time.After(50 * time.Millisecond) {
		got = p.metrics(t)
		missing := false
		for _, w := range want {
			missing = missing || !strings.Contains(got, w)
		}
		if !missing {
			return
		}
	}
	t.Fatalf("never %d handled and %d dead:\n%s", handled, dead, got)
}

func (p *process) metrics(t *testing.T) string {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+p.admin+"/metrics", nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// terminate sends SIGTERM; the service ends with exit code 0.
func (p *process) terminate(t *testing.T) {
	t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-p.ended:
		if err != nil {
			t.Fatalf("ended with %v", err)
		}
	case <-time.After(within):
		t.Fatal("does not stop")
	}
}

func listed(t *testing.T, dir string) map[string]bool {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "audience.txt"))
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]bool{}
	for line := range strings.Lines(string(text)) {
		if got[strings.TrimSuffix(line, "\n")] {
			t.Errorf("%s is listed twice", line)
		}
		got[strings.TrimSuffix(line, "\n")] = true
	}
	return got
}
