package app_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/pkg/config"
	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/kafkatest"
	"github.com/omnicapi/omnicapi/pkg/lifecycle"
	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/pkg/topic"
	"github.com/omnicapi/omnicapi/services/normalizer/app"
)

func TestMain(m *testing.M) { kafkatest.Main(m) }

// start runs the normalizer; stop ends it and says how long that took.
func start(t *testing.T, names topic.Names) (url string, stop func() time.Duration) {
	t.Helper()
	addrs, _ := kafkatest.Brokers(t)
	cfg := &config.Config{
		Kafka:      config.Kafka{Brokers: addrs, Prefix: names.Prefix},
		Datasets:   map[string]config.Dataset{"shop": {ID: "1"}},
		Sources:    map[string]config.Source{"web": {Channel: "website", Format: "capi", Dataset: "shop"}},
		Normalizer: config.Normalizer{Admin: "127.0.0.1:0"},
	}
	ctx, cancel := context.WithCancel(t.Context())
	addr, done := make(chan string, 1), make(chan error, 1)
	deps := lifecycle.Deps{Log: slog.New(slog.DiscardHandler), Level: new(slog.LevelVar), Started: func(_, a string) { addr <- a }}
	go func() { done <- app.Run(ctx, cfg, deps) }()
	stop = func() time.Duration {
		began := time.Now()
		cancel()
		if err := <-done; err != nil {
			t.Errorf("a requested stop: %v", err)
		}
		http.DefaultClient.CloseIdleConnections()
		return time.Since(began)
	}
	select {
	case a := <-addr:
		return "http://" + a, stop
	case err := <-done:
		t.Fatal(err)
	}
	return "", nil
}

func get(t *testing.T, url string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(body)
}

// until asks ok again and again until it returns true, or fails the test after a minute.
func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(time.Minute); !ok(); <-tick.C {
		if time.Now().After(end) {
			t.Fatal("never: " + what)
		}
	}
}

func TestRawEventBecomesSignal(t *testing.T) {
	client, names := kafkatest.Client(t), kafkatest.Names(t)
	kafkatest.Create(t, client, names, 1, "shop")
	url, stop := start(t, names)
	until(t, "ready", func() bool { code, _ := get(t, url+"/readyz"); return code == http.StatusOK })

	now := time.Now().Truncate(time.Millisecond)
	r := event.Raw{
		ID: []byte("ev-1"), Channel: []byte("website"), Source: []byte("web"), Key: []byte("k"), Time: now,
		Format: []byte("capi"), Item: []byte(`{"event_name":"Lead","event_time":1700000000,"user_data":{"em":"a@b.co"},"custom_data":{"value":5,"currency":"EUR"}}`),
	}
	p := client.NewProducer(stream.ProducerConfig{})
	defer p.Close(context.Background())
	if err := p.Publish(t.Context(), event.RawRecord(names.Events("website"), &r, event.AppendRaw(nil, &r))); err != nil {
		t.Fatal(err)
	}
	var signal stream.Record
	until(t, "a signal", func() bool {
		err := client.Scan(t.Context(), names.Signals("shop"), time.Time{}, func(rec *stream.Record) error { signal = *rec; return nil })
		return err == nil && signal.Value != nil
	})
	for key, want := range map[string]string{
		"ce_specversion": "1.0", "ce_id": "ev-1", "ce_type": "omnicapi.signal.v1", "ce_source": "/channels/website/web",
		"ce_eventtime": "1700000000", "ce_eventname": "Lead", "ce_actionsource": "website", "ce_value": "5", "ce_currency": "EUR",
		"content-type": "application/json",
	} {
		if got := string(signal.Header(key)); got != want {
			t.Errorf("%s is %q, want %q", key, got, want)
		}
	}
	if string(signal.Key) != "ev-1" || !signal.Time.Equal(now) {
		t.Errorf("key %s, time %v, want %v", signal.Key, signal.Time, now)
	}
	published := `omnicapi_normalizer_events_total{channel="website",reason="",result="published",source="web",trust="proven"} 1`
	for _, series := range []string{
		published,
		`omnicapi_normalizer_match_keys_total{channel="website",key="em"} 1`,
		`omnicapi_normalizer_values_dropped_total{key="em",reason="malformed"} 0`,
		`omnicapi_deadletters_total{reason="panic",stage="normalizer"} 0`,
		"omnicapi_consumer_lag_records{", "omnicapi_config_info{", "go_goroutines", "process_",
	} {
		until(t, series, func() bool { _, metrics := get(t, url+"/metrics"); return strings.Contains(metrics, series) })
	}
	if took := stop(); took > 10*time.Second {
		t.Errorf("stopped after %v", took)
	}
}

// TestLossIsOnOutcomes (F60): retention took events before the normalizer ever came. That is on outcomes and in the metrics, and what
// is left is handled.
func TestLossIsOnOutcomes(t *testing.T) {
	client, names := kafkatest.Client(t), kafkatest.Names(t)
	kafkatest.Create(t, client, names, 1, "shop")
	events := names.Events("website")
	p := client.NewProducer(stream.ProducerConfig{})
	defer p.Close(context.Background())
	for _, id := range []string{"e-0", "e-1", "e-2"} {
		r := event.Raw{
			ID: []byte(id), Channel: []byte("website"), Source: []byte("web"), Key: []byte("k"), Time: time.Now(),
			Format: []byte("capi"), Item: []byte(`{"event_name":"Lead","event_time":1700000000,"user_data":{"em":"a@b.co"}}`),
		}
		if err := p.Publish(t.Context(), event.RawRecord(events, &r, event.AppendRaw(nil, &r))); err != nil {
			t.Fatal(err)
		}
	}
	kafkatest.DeleteBefore(t, events, 0, 2)
	url, stop := start(t, names)
	defer stop()
	until(t, "the rest", func() bool {
		n := 0
		err := client.Scan(t.Context(), names.Signals("shop"), time.Time{}, func(*stream.Record) error { n++; return nil })
		return err == nil && n == 1
	})
	var losses []*event.Loss
	err := client.Scan(t.Context(), names.Outcomes(), time.Time{}, func(r *stream.Record) error {
		l, err := event.DecodeLoss(r.Value)
		if l != nil {
			losses = append(losses, l)
		}
		return err
	})
	if err != nil || len(losses) == 0 {
		t.Fatalf("no loss, %v", err)
	}
	want := event.Lost{Group: names.Group("normalizer", events), Topic: events, From: 0, To: 2, Count: 2, Cause: fault.NeverCommitted}
	if l := losses[0]; l.Lost != want || l.Stage != fault.Normalizer || l.NoticedAt.IsZero() {
		t.Errorf("%+v", l)
	}
	until(t, "the loss is counted", func() bool {
		_, metrics := get(t, url+"/metrics")
		return strings.Contains(metrics, `omnicapi_consumer_lost_records_total{partition="0",topic="`+events+`"} 2`)
	})
}

// TestMissingTopic: while a topic is missing the normalizer is not ready, and says which topic it is.
func TestMissingTopic(t *testing.T) {
	client, names := kafkatest.Client(t), kafkatest.Names(t)
	specs := names.Specs([]string{"shop"}, 1, 1)
	kept := specs[:0]
	for _, s := range specs {
		if s.Name != names.Events("crm") {
			kept = append(kept, s)
		}
	}
	if _, err := client.Apply(t.Context(), kept, false); err != nil {
		t.Fatal(err)
	}
	url, stop := start(t, names)
	until(t, "unready by the missing topic only", func() bool {
		code, body := get(t, url+"/readyz")
		return code == http.StatusServiceUnavailable && strings.Contains(body, "topic "+names.Events("crm")+" is missing") &&
			strings.Count(body, `"ok"`) == len(topic.Channels)-1+len([]string{"suppressions"})
	})
	stop()
}
