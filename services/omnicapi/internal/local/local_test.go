package local

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/pkg/broker"
	"github.com/omnicapi/omnicapi/pkg/config"
	"github.com/omnicapi/omnicapi/pkg/format/all"
	"github.com/omnicapi/omnicapi/pkg/kafkatest"
	"github.com/omnicapi/omnicapi/pkg/leaktest"
	"github.com/omnicapi/omnicapi/pkg/lifecycle"
	"github.com/omnicapi/omnicapi/pkg/stream"
)

func TestMain(m *testing.M) { leaktest.Main(m) }

func content(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestWriteSample: the demo's configuration is complete and valid, and a second start changes nothing of it.
func TestWriteSample(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	file, err := WriteSample(data)
	if err != nil || file != SampleFile(data) {
		t.Fatal(file, err)
	}
	if _, _, err := config.Load(file, nil, config.RoleLocal); err != nil {
		t.Error(err)
	}
	key := filepath.Join(filepath.Dir(file), "secrets", "demo.key")
	secret := content(t, key)
	if err := os.WriteFile(file, []byte("# mine\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if again, err := WriteSample(data); err != nil || again != file || content(t, file) != "# mine\n" || content(t, key) != secret {
		t.Errorf("a second start changed it: %v", err)
	}
	// A start that was cut off before the configuration was written is made whole, with the same secret.
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	if _, err := WriteSample(data); err != nil || content(t, key) != secret {
		t.Errorf("made whole: %v", err)
	}
	if _, _, err := config.Load(file, nil, config.RoleLocal); err != nil {
		t.Error(err)
	}
	other, err := WriteSample(filepath.Join(t.TempDir(), "other"))
	if err != nil || content(t, filepath.Join(filepath.Dir(other), "secrets", "demo.key")) == secret {
		t.Errorf("two folders share a secret: %v", err)
	}
	for _, path := range []string{file, key} {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v %v", path, info.Mode(), err)
		}
	}
}

// TestInit: Init overwrites nothing: an existing configuration is an error, existing secrets stay.
func TestInit(t *testing.T) {
	dir := t.TempDir()
	file, key := filepath.Join(dir, "omnicapi.yaml"), filepath.Join(dir, "secrets", "website.key")
	wrote, err := Init(file)
	if err != nil || strings.Join(wrote, " ") != file+" "+key+" "+filepath.Join(dir, "secrets", "shop.token") {
		t.Fatal(wrote, err)
	}
	if _, _, err := config.Load(file, nil, config.RoleLocal); err != nil {
		t.Error(err)
	}
	text, secret := content(t, file), content(t, key)
	if len(secret) < 32 {
		t.Errorf("a secret of %d characters", len(secret))
	}
	if wrote, err := Init(file); !errors.Is(err, fs.ErrExist) || len(wrote) != 0 || content(t, file) != text || content(t, key) != secret {
		t.Errorf("again: %v %v", wrote, err)
	}
	second := filepath.Join(dir, "second.yaml")
	if wrote, err := Init(second); err != nil || strings.Join(wrote, " ") != second || content(t, key) != secret {
		t.Errorf("beside it: %v %v", wrote, err)
	}
}

// TestInitShowsEveryFormat: each format's commented-out source is valid once the # is taken away.
func TestInitShowsEveryFormat(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "omnicapi.yaml")
	if _, err := Init(file); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"store", "orders"} {
		mapping := `{"defaults":{"event_name":"Purchase"},"columns":{"event_time":{"index":0},"user_data.em":{"index":1}}}`
		if name == "orders" {
			mapping = `{"format":{"type":"json"},"columns":{"event_name":{"path":"$.event"},"event_time":{"path":"$.time"}}}`
		}
		if err := writeNew(filepath.Join(dir, "mappings", name+".json"), []byte(mapping)); err != nil {
			t.Fatal(err)
		}
	}
	text := regexp.MustCompile(`(?m)^  # ([a-z0-9-]+:|  \{channel: )`).ReplaceAllString(content(t, file), "  $1")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	cfg, _, err := config.Load(file, nil, config.RoleLocal)
	if err != nil {
		t.Fatal(err)
	}
	shown := map[string]bool{}
	for _, s := range cfg.Sources {
		shown[s.Format] = true
	}
	for _, name := range all.Names() {
		if !shown[name] {
			t.Errorf("%s is not shown", name)
		}
	}
}

// rig is a stack of fake services that record that they run and which configuration they were given.
type rig struct {
	Stack
	mu      sync.Mutex
	running map[string]*config.Config
	addr    string       // of the broker
	disk    func() error // what /readyz asks
	up      chan string
}

func newRig(t *testing.T, data string, change func(*config.Config)) *rig {
	t.Helper()
	cfg := config.Default()
	cfg.Datasets["shop"] = config.Dataset{ID: "1"}
	cfg.Kafka.Partitions, cfg.Kafka.Replication = 2, 1
	if change != nil {
		change(cfg)
	}
	r := &rig{running: map[string]*config.Config{}, up: make(chan string, 9)}
	app := func(name string) lifecycle.Run {
		return func(ctx context.Context, cfg *config.Config, d lifecycle.Deps) error {
			r.mu.Lock()
			r.running[name] = cfg
			if d.Disk != nil {
				r.disk = d.Disk
			}
			r.mu.Unlock()
			if name == "sandbox" {
				d.Started("sandbox", "0.0.0.0:8090")
			}
			r.up <- name
			<-ctx.Done()
			r.mu.Lock()
			defer r.mu.Unlock()
			delete(r.running, name)
			return nil
		}
	}
	r.Stack = Stack{
		Config: cfg, Data: data, Log: slog.New(slog.DiscardHandler), Level: &slog.LevelVar{},
		Apps: Apps{Ingest: app("ingest"), Normalizer: app("normalizer"), Forwarder: app("forwarder"), Sandbox: app("sandbox")},
	}
	return r
}

func (r *rig) start(t *testing.T, services int) (stop func() error) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() {
		done <- r.Run(ctx, func(name, addr string) {
			if name == "broker" {
				r.addr = addr
			}
		})
	}()
	t.Cleanup(cancel)
	for range services {
		select {
		case <-r.up:
		case err := <-done:
			t.Fatalf("ended early: %v", err)
		case <-time.After(time.Minute):
			t.Fatal("not up in time")
		}
	}
	return func() error { cancel(); return <-done }
}

// TestStack: a stack runs the broker and the sandbox that the configuration leaves out, other commands find its broker, a
// second stack on the same folder is refused, everything stops together, and the next start finds the broker's records.
func TestStack(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	last := fmt.Sprint("127.0.0.1:", kafkatest.Port(t)) // which is still there at the second start
	if err := errors.Join(os.Mkdir(data, 0o700), os.WriteFile(filepath.Join(data, "broker.addr"), []byte(last), 0o600)); err != nil {
		t.Fatal(err)
	}
	var log strings.Builder
	r := newRig(t, data, nil)
	r.Log = slog.New(slog.NewTextHandler(&log, nil))
	stop := r.start(t, 4)
	if addr, err := broker.AddrIn(data); err != nil || addr != r.addr || addr == "" {
		t.Errorf("the broker is at %q, the folder says %q %v", r.addr, addr, err)
	}
	r.mu.Lock()
	for _, name := range []string{"forwarder", "normalizer"} {
		if got := r.running[name].Graph.URL; got != "http://127.0.0.1:8090" {
			t.Errorf("%s reaches Meta at %q", name, got)
		}
	}
	if got := r.running["ingest"].Kafka.Brokers; len(got) != 1 || got[0] != r.addr {
		t.Errorf("ingest writes to %v", got)
	}
	r.mu.Unlock()
	if len(r.Config.Kafka.Brokers) != 0 || r.Config.Graph.URL != "" {
		t.Error("the caller's configuration was changed")
	}
	if n := topics(t, r.addr, data); n != 13 {
		t.Errorf("%d topics", n)
	}
	if err := newRig(t, data, nil).Run(t.Context(), nil); !errors.Is(err, broker.ErrInUse) {
		t.Errorf("a second one on the folder: %v", err)
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
	if len(r.running) != 0 {
		t.Errorf("still running: %v", r.running)
	}
	if !strings.Contains(log.String(), "THE SANDBOX STANDS IN FOR META") {
		t.Errorf("the rehearsal looks real:\n%s", log.String())
	}
	if _, err := broker.AddrIn(data); !errors.Is(err, broker.ErrNotRunning) {
		t.Errorf("after the stop: %v", err)
	}
	again := newRig(t, data, nil)
	stop = again.start(t, 4)
	if n := topics(t, again.addr, data); n != 13 || again.addr != r.addr {
		t.Errorf("started again: %d topics at %s, before at %s", n, again.addr, r.addr)
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
}

func topics(t *testing.T, addr, data string) int {
	t.Helper()
	sc, err := stream.ConfigOf(config.Kafka{Brokers: []string{addr}, SASL: broker.LoginTo(data)}, "test")
	if err != nil {
		t.Fatal(err)
	}
	client, err := stream.Open(sc, slog.New(slog.DiscardHandler), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	list, err := client.Topics(t.Context(), config.Default().Kafka.Prefix)
	if err != nil {
		t.Fatal(err)
	}
	return len(list)
}

// TestStackForReal: if the configuration names a graph.url, no sandbox runs.
func TestStackForReal(t *testing.T) {
	r := newRig(t, filepath.Join(t.TempDir(), "data"), func(c *config.Config) { c.Graph.URL = "https://graph.example.com" })
	var log strings.Builder
	r.Log = slog.New(slog.NewTextHandler(&log, nil))
	stop := r.start(t, 3)
	r.mu.Lock()
	if r.running["sandbox"] != nil || r.running["forwarder"].Graph.URL != "https://graph.example.com" {
		t.Error("a sandbox stands in")
	}
	r.mu.Unlock()
	if err := stop(); err != nil || strings.Contains(log.String(), "SANDBOX") {
		t.Errorf("%v\n%s", err, log.String())
	}
}

// TestStackEndsWithAService: a service that fails ends the whole stack, with the service's error.
func TestStackEndsWithAService(t *testing.T) {
	broken := errors.New("broken")
	data := filepath.Join(t.TempDir(), "data")
	r := newRig(t, data, nil)
	r.Apps.Normalizer = func(context.Context, *config.Config, lifecycle.Deps) error { return broken }
	if err := r.Run(t.Context(), nil); !errors.Is(err, broken) || len(r.running) != 0 {
		t.Errorf("%v, running %v", err, r.running)
	}
	if _, err := broker.AddrIn(data); !errors.Is(err, broker.ErrNotRunning) {
		t.Errorf("its broker: %v", err)
	}
}

// TestStackKnowsItsDisk: the services learn of the embedded broker's disk, and of no disk when Kafka is another's.
func TestStackKnowsItsDisk(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	r := newRig(t, data, nil)
	stop := r.start(t, 4)
	if err := r.disk(); err != nil {
		t.Errorf("a good disk: %v", err)
	}
	if err := os.Rename(data, data+".away"); err != nil {
		t.Fatal(err)
	}
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.After(time.Minute); r.disk() == nil; {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatal("a folder that is gone is not noticed")
		}
	}
	if err := r.disk(); !strings.Contains(err.Error(), data) {
		t.Errorf("it does not name the folder: %v", err)
	}
	if err := os.Rename(data+".away", data); err != nil {
		t.Fatal(err)
	}
	for deadline := time.After(time.Minute); r.disk() != nil; {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatal("it does not go on")
		}
	}
	other := newRig(t, filepath.Join(t.TempDir(), "data"), func(c *config.Config) {
		c.Kafka.Brokers, c.Kafka.SASL = []string{r.addr}, broker.LoginTo(data)
	})
	stopOther := other.start(t, 4)
	if other.disk != nil {
		t.Error("a disk that is not its own")
	}
	if err := errors.Join(stopOther(), stop()); err != nil {
		t.Error(err)
	}
}

// TestURL: how this machine reaches a listener.
func TestURL(t *testing.T) {
	for addr, want := range map[string]string{
		":8080": "http://127.0.0.1:8080", "0.0.0.0:1": "http://127.0.0.1:1", "[::]:1": "http://127.0.0.1:1",
		"127.0.0.2:5": "http://127.0.0.2:5", "[::1]:5": "http://[::1]:5", "host:5": "http://host:5", "nonsense": "http://nonsense",
	} {
		if got := URL(addr); got != want {
			t.Errorf("%s: %s", addr, got)
		}
	}
}
