package httpapi

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/trace/noop"

	"github.com/omnicapi/omnicapi/pkg/config"
	"github.com/omnicapi/omnicapi/pkg/format/all"
	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/services/ingest/internal/accept"
	"github.com/omnicapi/omnicapi/services/ingest/internal/auth"
	"github.com/omnicapi/omnicapi/services/ingest/internal/source"
)

// arrival is when every request of the tests arrives.
var arrival = time.Date(2026, 11, 23, 9, 30, 0, 0, time.UTC)

const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

// kafka is a publisher that remembers, or does what the test says.
type kafka struct {
	mu      sync.Mutex
	calls   int
	records []stream.Record
	publish func(ctx context.Context, recs []stream.Record) error
}

func (k *kafka) Publish(ctx context.Context, recs ...stream.Record) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.calls++
	if k.publish != nil {
		return k.publish(ctx, recs)
	}
	for _, r := range recs {
		r.Key, r.Value = bytes.Clone(r.Key), bytes.Clone(r.Value)
		k.records = append(k.records, r)
	}
	return nil
}

// taken returns what came since the last call.
func (k *kafka) taken() []stream.Record {
	k.mu.Lock()
	defer k.mu.Unlock()
	recs := k.records
	k.records = nil
	return recs
}

type fixture struct {
	*API
	kafka *kafka
	reg   *prometheus.Registry
	log   *bytes.Buffer
}

// shop is the dataset of every source.
const shop = "1234567890123456"

func newSource(name, channel, format string, change ...func(*source.Source)) *source.Source {
	f := all.Named(format)
	s := &source.Source{
		Account: auth.Account{Name: name, DatasetID: shop, Browser: f.Browser, Shown: f.PageSecret, Secrets: auth.NewRing()},
		Channel: channel, Format: format, Topic: "omnicapi.events." + channel,
	}
	for _, c := range change {
		c(s)
	}
	return s
}

func secret(texts ...string) func(*source.Source) {
	return func(s *source.Source) {
		var all []*config.Secret
		for _, t := range texts {
			all = append(all, config.StaticSecret(t))
		}
		s.Secrets = auth.NewRing(all...)
	}
}

func origins(o ...string) func(*source.Source) { return func(s *source.Source) { s.Origins = o } }

func key(k string) func(*source.Source) { return func(s *source.Source) { s.Key = k } }

// standard are the sources of most tests.
func standard() []*source.Source {
	return []*source.Source{
		newSource("app", "app", "capi", secret("EAAtestToken", "EAAnewToken"), key("9999")),
		newSource("backend", "website", "capi", secret("EAAtestToken", "test_access_key")),
		newSource("beacon", "website", "collect", secret("collect-secret"), origins("https://shop.example.com")),
		newSource("lines", "store", "ndjson", secret("file-secret")),
		newSource("pixel", "website", "meta.openbridge", origins("https://shop.example.com"), key(shop)),
	}
}

func newFixture(tb testing.TB, change func(*Options), sources ...*source.Source) *fixture {
	tb.Helper()
	f := &fixture{kafka: &kafka{}, reg: prometheus.NewRegistry(), log: &bytes.Buffer{}}
	if len(sources) == 0 {
		sources = standard()
	}
	log := slog.New(slog.NewJSONHandler(f.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	o := Options{
		Config:  config.Default().Ingest,
		Sources: source.NewRegistry(sources...), Tracer: noop.NewTracerProvider().Tracer(""), Log: log, Registry: f.reg,
		Now: func() time.Time { return arrival },
	}
	o.Config.TrustedProxies = []string{"192.0.2.0/24", "10.0.0.1"}
	if change != nil {
		change(&o)
	}
	o.Acceptor = accept.New(f.kafka, o.Config.Deadline, log)
	api, err := New(o)
	if err != nil {
		tb.Fatal(err)
	}
	f.API = api
	return f
}

// do serves a request with headers "Name: value".
func (f *fixture) do(method, target, body string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		r.Header.Add(name, value)
	}
	w := httptest.NewRecorder()
	f.ServeHTTP(w, r)
	return w
}

func (f *fixture) post(target, body string, headers ...string) *httptest.ResponseRecorder {
	return f.do(http.MethodPost, target, body, headers...)
}

func read(tb testing.TB, r io.Reader) string {
	tb.Helper()
	b, err := io.ReadAll(r)
	if err != nil {
		tb.Fatal(err)
	}
	return string(b)
}

func newRecorder() *httptest.ResponseRecorder { return httptest.NewRecorder() }

func contains(value []byte, part string) bool { return bytes.Contains(value, []byte(part)) }
