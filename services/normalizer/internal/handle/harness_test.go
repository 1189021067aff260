package handle_test

import (
	"encoding/json"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/pkg/config"
	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/kafkatest"
	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/pkg/topic"
	"github.com/omnicapi/omnicapi/services/normalizer/internal/handle"
)

func TestMain(m *testing.M) { kafkatest.Main(m) }

// payloadNow is when the sample payloads were sent.
const payloadNow = 1795426200

var names = topic.Names{Prefix: "t."}

func at(unix int64) func() time.Time { return func() time.Time { return time.Unix(unix, 0).UTC() } }

// testConfig has a source of every format, named by it, and some of policies.
func testConfig() *config.Config {
	source := func(channel, format string, change ...func(*config.Source)) config.Source {
		s := config.Source{Channel: channel, Format: format, Dataset: "shop", Consent: config.Consent{Unknown: "allow"}}
		for _, c := range change {
			c(&s)
		}
		return s
	}
	mapped := func(file string) func(*config.Source) {
		return func(s *config.Source) { s.Mapping = filepath.Join("testdata", filepath.FromSlash(file)) }
	}
	return &config.Config{
		Datasets: map[string]config.Dataset{
			"shop":    {ID: "1234567890123456"},
			"limited": {ID: "2", LimitedDataUse: config.LimitedDataUse{Options: []string{"LDU"}, Country: 1, State: 1000}},
		},
		Sources: map[string]config.Source{
			"capi":       source("website", "capi"),
			"app":        source("app", "capi"),
			"store":      source("store", "capi"),
			"collect":    source("website", "collect"),
			"openbridge": source("website", "meta.openbridge"),
			"strict":     source("website", "collect", func(s *config.Source) { s.Consent.Unknown = "deny" }),
			"limited":    source("website", "collect", func(s *config.Source) { s.Dataset = "limited" }),
			"dear":       source("website", "capi", func(s *config.Source) { s.MaxValue = 50000 }),
			"dearest":    source("website", "capi", func(s *config.Source) { s.MaxValue = -1 }),
			"orphan":     source("website", "capi", func(s *config.Source) { s.Dataset = "gone" }),
			"renames": source("website", "meta.openbridge", func(s *config.Source) {
				s.Events = map[string]string{"Order Shipped": "Purchase", "Signed In": "drop", "Microdata": "ViewContent"}
			}),
			"defaults": source("website", "capi", func(s *config.Source) {
				s.Defaults = config.Defaults{Country: "DE", Currency: "EUR", ActionSource: "chat", EventSourceURL: "https://d.example.com/"}
				s.ActionSources = []string{"email"}
			}),
			"omni-store": source("store", "csv", mapped("omni/store-mapping.json")),
			"omni-web":   source("website", "csv", mapped("omni/web-mapping.json")),
			"file-index": source("store", "csv", mapped("payloads/file-store-mapping-index.json")),
			"file-named": source("store", "csv", mapped("payloads/file-store-mapping-named.json")),
		},
	}
}

func newHandler(tb testing.TB, now func() time.Time) *handle.Handler {
	tb.Helper()
	sources, err := handle.NewSources(testConfig(), names)
	if err != nil {
		tb.Fatal(err)
	}
	return handle.New(sources, now, slog.New(slog.DiscardHandler))
}

// raw makes the record that ingest would store.
func raw(source, format, item string, change ...func(*event.Raw)) *stream.Record {
	r := event.Raw{
		ID: []byte("ev-1"), Channel: []byte(testConfig().Sources[source].Channel), Source: []byte(source), Key: []byte("k"),
		Time: time.Unix(payloadNow, 0).UTC(), Format: []byte(format), Item: []byte(item),
		TraceParent: []byte("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
	}
	if r.Channel = []byte(testConfig().Sources[source].Channel); len(r.Channel) == 0 {
		r.Channel = []byte("website")
	}
	for _, c := range change {
		c(&r)
	}
	rec := event.RawRecord(names.Events(string(r.Channel)), &r, event.AppendRaw(nil, &r))
	rec.Partition, rec.Offset = 1, 7
	return &rec
}

func read(tb testing.TB, file ...string) []byte {
	tb.Helper()
	data, err := os.ReadFile(filepath.Join(append([]string{"testdata"}, file...)...))
	if err != nil {
		tb.Fatal(err)
	}
	return data
}

// decoded reads JSON with its numbers as texts made equal: 10 and 10.0 are the same value.
func decoded(tb testing.TB, data []byte) any {
	tb.Helper()
	var v any
	if err := json.Unmarshal(data, &v); err != nil {
		tb.Fatalf("%v in %s", err, data)
	}
	return v
}
