package app_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/pkg/config"
	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/kafkatest"
	"github.com/omnicapi/omnicapi/pkg/stream"
)

// TestSignalsReachMeta: signals are posted, their fates written, and the offsets moved: a second run posts none again.
func TestSignalsReachMeta(t *testing.T) {
	t.Parallel()
	client, names, g := kafkatest.Client(t), kafkatest.Names(t), newGraph(t)
	kafkatest.Create(t, client, names, 3, "shop")
	datasets := map[string]config.Dataset{"shop": datasetConfig("111", tokenFile(t, "", rightToken))}
	g.bad = "e77"
	publish(t, client, names, "shop", 0, 250)
	f := start(t, names, g, datasets)
	until(t, "ready", f.ready)
	const delivered = `omnicapi_forwarder_events_total{dataset="shop",reason="",result="delivered",trust="proven"} 249`
	until(t, delivered, func() bool { return f.shows(delivered) })
	until(t, "the refused one", func() bool {
		return f.shows(`omnicapi_forwarder_events_total{dataset="shop",reason="refused",result="dead",trust="proven"} 1`)
	})
	for _, series := range []string{
		`omnicapi_end_to_end_seconds_count{channel="website"} 249`, `omnicapi_end_to_end_seconds_bucket{channel="crm",le="+Inf"} 0`,
		`omnicapi_lane_parked{dataset="shop",reason="token"} 0`, `omnicapi_deadletters_total{reason="refused",stage="forwarder"} 1`,
	} {
		until(t, series, func() bool { return f.shows(series) })
	}
	if took := f.stop(); took > 10*time.Second {
		t.Errorf("stopped after %v", took)
	}

	ended := fates(t, client, names)
	for id, how := range ended {
		want := "delivered T200"
		if id == "e77" {
			want = "dead refused T100"
		}
		if len(how) != 1 || how[want] != 1 {
			t.Errorf("%s ended %v, want %s once", id, how, want)
		}
	}
	if len(ended) != 250 {
		t.Errorf("%d events have a fate", len(ended))
	}
	var letter event.DeadLetter
	letters := 0
	err := client.Scan(t.Context(), names.DeadLetters(), time.Time{}, func(r *stream.Record) error { letters++; return letter.Decode(r) })
	if err != nil || letters != 1 || letter.Reason != fault.Refused || letter.Topic != names.Signals("shop") || letter.FBTraceID != "T100" {
		t.Errorf("%d letters, %+v, %v", letters, letter, err)
	}

	publish(t, client, names, "shop", 250, 10)
	again := start(t, names, g, datasets)
	until(t, "the second run's events", func() bool { return len(g.accepted("111")) >= 259 })
	again.stop()
	if got := g.accepted("111"); len(got) != 259 || len(slices.Compact(slices.Sorted(slices.Values(got)))) != 259 {
		t.Errorf("%d events were taken, want 259, none twice", len(got))
	}
}

// TestWrongToken: the lane parks and burns nothing, another dataset flows, the process stays ready; the right token in the
// file is all it takes to go on.
func TestWrongToken(t *testing.T) {
	t.Parallel()
	client, names, g := kafkatest.Client(t), kafkatest.Names(t), newGraph(t)
	kafkatest.Create(t, client, names, 1, "shop", "other")
	file := tokenFile(t, "", wrongToken)
	f := start(t, names, g, map[string]config.Dataset{
		"shop": datasetConfig("111", file), "other": datasetConfig("222", tokenFile(t, "", rightToken)),
	})
	until(t, "ready", f.ready)
	publish(t, client, names, "shop", 0, 20)
	until(t, "parked", func() bool { return f.shows(`omnicapi_lane_parked{dataset="shop",reason="token"} 1`) })
	publish(t, client, names, "other", 0, 20)
	until(t, "the other dataset's events", func() bool { return len(g.accepted("222")) == 20 })
	if !f.ready() {
		t.Error("a parked lane makes the process unready")
	}
	if !f.shows(`omnicapi_lane_parked{dataset="other",reason="token"} 0`) || len(g.accepted("111")) != 0 {
		t.Error("the wrong lane is parked")
	}
	changed := time.Now()
	tokenFile(t, file, rightToken)
	until(t, "the parked events", func() bool { return len(g.accepted("111")) == 20 })
	if took := time.Since(changed); took > 25*time.Second { // by itself it probes every 30 s
		t.Errorf("resumed after %v", took)
	}
	until(t, "not parked", func() bool { return f.shows(`omnicapi_lane_parked{dataset="shop",reason="token"} 0`) })
	_, metrics := f.get("/metrics")
	_, ready := f.get("/readyz")
	for _, token := range []string{rightToken, wrongToken} {
		if strings.Contains(metrics+ready, token) {
			t.Errorf("the token %s is shown", token)
		}
	}
	f.stop()
	for id, how := range fates(t, client, names) {
		for fate := range how {
			if fate != "delivered T200" {
				t.Errorf("%s ended %v", id, how)
			}
		}
	}
}

// TestStopDuringPost: a stop waits for a POST that is out as long as a drain lasts, no longer; what is not settled by then
// is posted again by the next run.
func TestStopDuringPost(t *testing.T) {
	t.Parallel()
	client, names, g := kafkatest.Client(t), kafkatest.Names(t), newGraph(t)
	kafkatest.Create(t, client, names, 1, "shop")
	datasets := map[string]config.Dataset{"shop": datasetConfig("111", tokenFile(t, "", rightToken))}
	g.hang = true
	publish(t, client, names, "shop", 0, 5)
	f := start(t, names, g, datasets)
	until(t, "a post", func() bool { posts := 0; g.set(func() { posts = len(g.tokens) }); return posts > 0 })
	if took := f.stop(); took < 7*time.Second || took > 10*time.Second {
		t.Errorf("stopped after %v", took)
	}
	if ended := fates(t, client, names); len(ended) != 0 {
		t.Errorf("ended without an answer: %v", ended)
	}
	g.set(func() { g.hang = false })
	again := start(t, names, g, datasets)
	until(t, "posted again", func() bool { return len(g.accepted("111")) == 5 })
	again.stop()
}

// TestUnready: without its topic a dataset keeps the process unready, by name, and holds up no other.
func TestUnready(t *testing.T) {
	t.Parallel()
	client, names, g := kafkatest.Client(t), kafkatest.Names(t), newGraph(t)
	kafkatest.Create(t, client, names, 1, "shop")
	token := tokenFile(t, "", rightToken)
	f := start(t, names, g, map[string]config.Dataset{"shop": datasetConfig("111", token), "missing": datasetConfig("222", token)})
	publish(t, client, names, "shop", 0, 5)
	until(t, "the other dataset's events", func() bool { return len(g.accepted("111")) == 5 })
	until(t, "unready for the topic that is missing", func() bool {
		code, body := f.get("/readyz")
		return code == http.StatusServiceUnavailable && strings.Contains(body, names.Signals("missing"))
	})
	kafkatest.Create(t, client, names, 1, "shop", "missing")
	until(t, "ready", f.ready)
	f.stop()
}

// TestRunRefuses: what cannot work is said at once.
func TestRunRefuses(t *testing.T) {
	t.Parallel()
	names, g := kafkatest.Names(t), newGraph(t)
	for name, c := range map[string]struct {
		change func(*config.Config)
		want   string
	}{
		"no token file": {func(c *config.Config) { c.Datasets["shop"] = datasetConfig("111", "/nonexistent/token") }, "token of dataset shop"},
		"no address":    {func(c *config.Config) { c.Graph.URL = "graph.facebook.com" }, "graph.url"},
		"a taken port":  {func(c *config.Config) { c.Forwarder.Admin = strings.TrimPrefix(g.URL, "http://") }, "admin server"},
		"no such secret": {func(c *config.Config) {
			d := c.Datasets["shop"]
			d.AppSecretFile = "/nonexistent/secret"
			c.Datasets["shop"] = d
		}, "app secret of dataset shop"},
	} {
		t.Run(name, func(t *testing.T) {
			if err := runWith(t, names, g, c.change); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want %s", err, c.want)
			}
		})
	}
}
