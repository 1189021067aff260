package e2e

import (
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/e2e/load"
	"github.com/omnicapi/omnicapi/pkg/kafkatest"
	"github.com/omnicapi/omnicapi/pkg/recorded"
	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/pkg/topic"
)

// The datasets and secrets of every stack.
const (
	shopID     = "1234567890123456"
	otherID    = "6543210987654321"
	shopToken  = "shop-token-canary-7f3a"
	otherToken = "other-token-canary-91bc"
	apiSecret  = "EAAtestToken"
	accessKey  = "test_access_key"
)

// stack is the whole pipeline as separate processes on one broker.
type stack struct {
	t      *testing.T
	dir    string
	config string
	names  topic.Names
	stream *stream.Client

	ingestURL, sandboxURL                        string
	graphURL                                     string   // where the forwarder posts: the sandbox, or a wire to it
	env                                          []string // of all processes
	ingestAdmin, normalizerAdmin, forwarderAdmin string

	sandbox, ingest, normalizer, forwarder *process
}

// newStack writes the configuration, applies the topics and starts all four processes. extra is YAML appended to the file.
func newStack(t *testing.T, extra string) *stack {
	t.Helper()
	addrs, _ := kafkatest.Brokers(t)
	return newStackOn(t, addrs, extra)
}

func newStackOn(t *testing.T, brokers []string, extra string) *stack {
	t.Helper()
	s := prepare(t, brokers)
	s.usual(brokers, extra)
	return s
}

// usual starts the configuration of most tests.
func (s *stack) usual(brokers []string, extra string) {
	s.t.Helper()
	s.write("secrets/shop.token", shopToken)
	s.write("secrets/other.token", otherToken)
	s.write("secrets/api", apiSecret)
	s.write("secrets/gateway", accessKey)
	for name, text := range load.Secrets() {
		s.write(name, text)
	}
	for _, f := range []string{"store-mapping.json", "web-mapping.json"} {
		s.copy("testdata/meta/"+f, f)
	}
	s.start(brokers, fmt.Sprintf(`
datasets:
  shop: {id: "%s", token_file: secrets/shop.token, batch: {linger: 100ms}}
  other: {id: "%s", token_file: secrets/other.token, batch: {linger: 100ms}}
sources:
  api: {channel: website, format: capi, dataset: shop, key: "%s", secrets: [secrets/api, secrets/gateway], defaults: {country: US}}
  api-other: {channel: website, format: capi, dataset: other, key: "%s", secrets: [secrets/api]}
  pixel: {channel: website, format: meta.openbridge, dataset: shop, key: "%s", origins: ["https://shop.example.com"]}
  snippet: {channel: website, format: collect, dataset: shop, origins: ["https://shop.example.com"], consent: {unknown: allow}}
  phone: {channel: app, format: capi, dataset: shop, secrets: [secrets/api]}
  till: {channel: store, format: csv, dataset: shop, secrets: [secrets/api], mapping: store-mapping.json}
  till-xlsx: {channel: store, format: xlsx, dataset: shop, secrets: [secrets/api], mapping: store-mapping.json}
  web-file: {channel: website, format: csv, dataset: shop, secrets: [secrets/api], mapping: web-mapping.json}
  web-xlsx: {channel: website, format: xlsx, dataset: shop, secrets: [secrets/api], mapping: web-mapping.json}
`, shopID, otherID, shopID, otherID, shopID)+extra)
}

// newRecordedStack runs the recorded configuration: a source of each format.
func newRecordedStack(t *testing.T) *stack {
	t.Helper()
	addrs, _ := kafkatest.Brokers(t)
	s := prepare(t, addrs)
	file, err := recorded.WriteConfig(s.dir)
	if err != nil {
		t.Fatal(err)
	}
	s.start(addrs, readFile(t, file))
	return s
}

// prepare finds a folder and ports for a stack.
func prepare(t *testing.T, brokers []string) *stack {
	t.Helper()
	s := &stack{t: t, dir: t.TempDir(), names: kafkatest.Names(t), stream: clientOn(t, brokers)}
	s.ingestURL, s.sandboxURL = "http://"+freePort(t), "http://"+freePort(t)
	s.graphURL = s.sandboxURL
	s.ingestAdmin, s.normalizerAdmin, s.forwarderAdmin = freePort(t), freePort(t), freePort(t)
	return s
}

// start completes the configuration, of which sources is a part, applies the topics and starts all four processes.
func (s *stack) start(brokers []string, sources string) {
	t := s.t
	t.Helper()
	s.config = s.write("omnicapi.yaml", sources+fmt.Sprintf(`
kafka: {brokers: [%s], prefix: %s, partitions: 3, replication: %d}
graph: {url: "%s", timeout: 3s}
ingest: {listen: "%s", admin: "%s", trusted_proxies: [127.0.0.1/32], deadline: 5s}
normalizer: {admin: "%s"}
forwarder: {admin: "%s"}
sandbox: {listen: "%s"}
`, strings.Join(brokers, ", "), s.names.Prefix, min(len(brokers), 3), s.graphURL, strings.TrimPrefix(s.ingestURL, "http://"), s.ingestAdmin,
		s.normalizerAdmin, s.forwarderAdmin, strings.TrimPrefix(s.sandboxURL, "http://")))
	if out, errs, code := run(t, time.Minute, "omnicapi", "topics", "apply", "-c", s.config); code != 0 {
		t.Fatalf("topics apply: exit %d\n%s%s", code, out, errs)
	}
	s.sandbox = newProcess(t, "sandbox", "-c", s.config)
	s.ingest = newProcess(t, "ingest", "-c", s.config)
	s.normalizer = newProcess(t, "normalizer", "-c", s.config)
	s.forwarder = newProcess(t, "forwarder", "-c", s.config)
	for _, p := range s.processes() {
		p.env = s.env
		p.start()
	}
	s.waitReady()
}

func (s *stack) processes() []*process {
	return []*process{s.sandbox, s.ingest, s.normalizer, s.forwarder}
}

// waitReady waits until every process can do its job.
func (s *stack) waitReady() {
	s.t.Helper()
	for name, addr := range map[string]string{"ingest": s.ingestAdmin, "normalizer": s.normalizerAdmin, "forwarder": s.forwarderAdmin} {
		eventually(s.t, 3*time.Minute, name+" is ready", func() (bool, string) {
			status, body := get(s.t, "http://"+addr+"/readyz")
			return status == 200, fmt.Sprint(status, " ", body)
		})
	}
	eventually(s.t, time.Minute, "sandbox answers", func() (bool, string) {
		status, body := get(s.t, s.sandboxURL+"/_sandbox/stats")
		return status == 200, fmt.Sprint(status, " ", body)
	})
}

// waitSays waits until the process's log has a text: what it wrote before it answered may be read after the answer.
func (p *process) waitSays(text string) {
	p.t.Helper()
	eventually(p.t, time.Minute, fmt.Sprintf("the log of %s says %q", p.label(), text), func() (bool, string) {
		log := p.log.text()
		return strings.Contains(log, text), tail(log, 10)
	})
}

func (s *stack) write(name, text string) string {
	s.t.Helper()
	path := filepath.Join(s.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		s.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		s.t.Fatal(err)
	}
	return path
}

func (s *stack) copy(from, to string) string {
	s.t.Helper()
	b, err := os.ReadFile(from)
	if err != nil {
		s.t.Fatal(err)
	}
	return s.write(to, string(b))
}

// clientOn opens a client on a broker that need not be the test binary's own.
func clientOn(t *testing.T, brokers []string) *stream.Client {
	t.Helper()
	c, err := stream.Open(stream.Config{Brokers: brokers, ClientID: "e2e"}, slog.New(slog.DiscardHandler), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}
