package auth

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/omnicapi/omnicapi/pkg/config"
)

// TestLoad: what a source of the configuration becomes.
func TestLoad(t *testing.T) {
	dir := t.TempDir()
	first, second := writeFile(t, filepath.Join(dir, "first"), "A"), writeFile(t, filepath.Join(dir, "second"), "B\n")
	verify := writeFile(t, filepath.Join(dir, "verify"), "V")
	mapping := writeFile(t, filepath.Join(dir, "m.json"), `{"version":1,"defaults":{"event_name":"Purchase"},"columns":{"event_time":{"column":"A"},"user_data.em":{"column":"B"}}}`)
	cfg := config.Default()
	cfg.Kafka.Prefix = "p."
	cfg.Datasets["shop"] = config.Dataset{ID: "77"}
	cfg.Sources["page"] = config.Source{
		Channel: "website", Format: "collect", Dataset: "shop", Key: "k", Secrets: []string{first, second},
		Origins: []string{"https://Shop.Example.com/", page}, PublicURL: "https://in.example.com/",
		Rate: config.Rate{EventsPerSecond: 2.5},
	}
	cfg.Sources["file"] = config.Source{Channel: "store", Format: "csv", Dataset: "shop", Secrets: []string{first}, Mapping: mapping}
	cfg.Sources["hook"] = config.Source{Channel: "whatsapp", Format: "whatsapp", Dataset: "shop", Secrets: []string{first}, VerifyTokenFile: verify}
	cfg.Sources["free"] = config.Source{Channel: "crm", Format: "capi", Dataset: "shop", Auth: "none"}
	r, err := Load(cfg)
	if err != nil {
		t.Fatal(err)
	}
	var order []string
	for _, s := range r.All() {
		order = append(order, s.Name)
	}
	if diff := cmp.Diff([]string{"file", "free", "hook", "page"}, order); diff != "" {
		t.Error(diff)
	}
	s := r.Named("page")
	got := []string{s.Channel, s.Format, s.Key, s.DatasetID, s.Topic, s.PublicURL, strings.Join(s.Origins, " ")}
	want := []string{"website", "collect", "k", "77", "p.events.website", "https://in.example.com", "https://shop.example.com " + page}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if !s.Browser || s.Open || s.Mapping != nil || s.PerMinute() != 150 {
		t.Errorf("page: browser %v, open %v, %d a minute", s.Browser, s.Open, s.PerMinute())
	}
	if !s.Secrets.holds(digestOf("A")) || !s.Secrets.holds(digestOf("B")) || s.Secrets.holds(digestOf("V")) || !s.Verifies("B") {
		t.Error("page: its secrets are others")
	}
	if hook := r.Named("hook"); !hook.Verifies("V") || hook.Verifies("A") || hook.Browser {
		t.Error("hook: a verify token of its own goes before the secrets")
	}
	if r.Named("file").Mapping == nil || !r.Named("free").Open || r.Named("free").PerMinute() != 0 || r.Named("gone") != nil {
		t.Error("file, free or gone")
	}
	if of := r.Of("capi", ""); len(of) != 1 || of[0].Name != "free" || len(r.Of("capi", "crm")) != 1 || len(r.Of("capi", "store")) != 0 || len(r.Of("xlsx", "")) != 0 {
		t.Errorf("of capi: %v", of)
	}
}

// TestLoadRefuses: the error names the source, and what is wrong.
func TestLoadRefuses(t *testing.T) {
	dir := t.TempDir()
	good := writeFile(t, filepath.Join(dir, "good"), "CANARY")
	bad := writeFile(t, filepath.Join(dir, "bad.json"), `{"version":1,"columns":{"user_data.nose":{"column":"A"}}}`)
	for name, c := range map[string]struct {
		source config.Source
		say    string
	}{
		"format":       {config.Source{Format: "pigeon"}, "pigeon"},
		"secret":       {config.Source{Format: "capi", Secrets: []string{good, filepath.Join(dir, "gone")}}, "gone"},
		"verify token": {config.Source{Format: "whatsapp", Secrets: []string{good}, VerifyTokenFile: filepath.Join(dir, "lost")}, "lost"},
		"mapping":      {config.Source{Format: "csv", Secrets: []string{good}, Mapping: bad}, "mapping"},
	} {
		cfg := config.Default()
		cfg.Sources["mine"] = c.source
		_, err := Load(cfg)
		if err == nil || !strings.Contains(err.Error(), "source mine") || !strings.Contains(err.Error(), c.say) || strings.Contains(err.Error(), "CANARY") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

var start = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)

// TestTake: 10 a second, bursts of 5.
func TestTake(t *testing.T) {
	s := source("s")
	s.Limit(10, 5)
	for _, step := range []struct {
		name string
		at   time.Duration
		n    int
		wait time.Duration // 0: let in
	}{
		{"nothing costs nothing", 0, 0, 0},
		{"the whole burst", 0, 5, 0},
		{"no more", 0, 1, 100 * time.Millisecond},
		{"nothing still costs nothing", 0, 0, 0},
		{"a refused one owes nothing", 100 * time.Millisecond, 1, 0},
		{"more than there is", 300 * time.Millisecond, 4, 200 * time.Millisecond},
		{"more than the burst waits for a full bucket", 500 * time.Millisecond, 12, 100 * time.Millisecond},
		{"and is let in then", 600 * time.Millisecond, 12, 0},
		{"its debt: 7 and 1", 600 * time.Millisecond, 1, 800 * time.Millisecond},
		{"not a moment before", 1399 * time.Millisecond, 1, time.Millisecond},
		{"paid", 1400 * time.Millisecond, 1, 0},
		{"again the rate", 1400 * time.Millisecond, 1, 100 * time.Millisecond},
	} {
		wait, ok := s.Take(start.Add(step.at), step.n)
		if ok != (step.wait == 0) || (wait-step.wait).Abs() > time.Microsecond {
			t.Errorf("%s: let in %v, wait %v; want %v", step.name, ok, wait, step.wait)
		}
	}
}

// TestLimits: what counts as a limit, and its burst where none is configured.
func TestLimits(t *testing.T) {
	for _, c := range []struct {
		perSecond float64
		burst     int
		minute    int
		first     int // what is let in at once; -1: anything
	}{
		{0, 0, 0, -1}, {-1, 5, 0, -1}, {2.5, 0, 150, 3}, {2.5, 10, 150, 10}, {0.001, 0, 1, 1},
	} {
		s := source("s")
		s.Limit(c.perSecond, c.burst)
		if s.PerMinute() != c.minute {
			t.Errorf("%+v: %d a minute", c, s.PerMinute())
		}
		n := max(c.first, 1)
		if _, ok := s.Take(start, n); !ok {
			t.Errorf("%+v: the burst is refused", c)
		}
		if _, ok := s.Take(start, 1); ok != (c.first < 0) {
			t.Errorf("%+v: one more: %v", c, ok)
		}
	}
}

// TestRateHolds: whatever the sizes, in a long run no more than the rate and one burst is let in, plus the one request
// that went into debt; and whoever waits as told is let in.
func TestRateHolds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const perSecond = 50
		burst := rapid.IntRange(1, 100).Draw(t, "burst")
		s := source("s")
		s.Limit(perSecond, burst)
		now, taken, last := start, 0, 0
		for range rapid.IntRange(1, 60).Draw(t, "requests") {
			now = now.Add(time.Duration(rapid.IntRange(0, 200).Draw(t, "pause")) * time.Millisecond)
			n := rapid.IntRange(1, 300).Draw(t, "events")
			wait, ok := s.Take(now, n)
			if !ok {
				now = now.Add(wait + time.Microsecond)
				if again, ok := s.Take(now, n); !ok {
					t.Fatalf("%d events are refused after the wait of %v: wait %v", n, wait, again)
				}
			}
			taken, last = taken+n, n
			if allowed := perSecond*now.Sub(start).Seconds() + float64(burst+last) + 1; float64(taken) > allowed {
				t.Fatalf("%d events let in within %v, %v allowed", taken, now.Sub(start), allowed)
			}
		}
	})
}
