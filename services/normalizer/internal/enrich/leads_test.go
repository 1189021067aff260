package enrich_test

import (
	"bytes"
	"context"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/omnicapi/omnicapi/pkg/capi"
	"github.com/omnicapi/omnicapi/services/normalizer/internal/enrich"
)

// graph gives the test's answers, one for each try; the last one repeats.
type graph struct {
	mu          sync.Mutex
	answers     []capi.Answer
	tries       []time.Duration // since start
	start       time.Time
	credentials uint64
	took        time.Duration
	now, most   int // requests at a time
}

func (g *graph) Lead(ctx context.Context, _ string) (*enrich.Answers, capi.Answer) {
	g.mu.Lock()
	g.tries = append(g.tries, time.Since(g.start))
	a := g.answers[min(len(g.tries), len(g.answers))-1]
	g.now++
	g.most = max(g.most, g.now)
	g.mu.Unlock()
	select {
	case <-time.After(g.took):
	case <-ctx.Done():
		a = capi.Answer{Class: capi.Transient}
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.now--
	if a.Class == capi.OK {
		return &enrich.Answers{}, a
	}
	return nil, a
}

func (g *graph) Credentials() uint64 {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.credentials
}

func (g *graph) rotate() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.credentials++
}

func (g *graph) asked() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return len(g.tries)
}

// counts holds the results of lookups.
type counts struct {
	mu sync.Mutex
	of map[string]int
}

func (c *counts) add(result string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.of == nil {
		c.of = map[string]int{}
	}
	c.of[result]++
}

func newLeads(g *graph) (*enrich.Leads, *counts, *bytes.Buffer) {
	g.start = time.Now()
	var log bytes.Buffer
	c := &counts{}
	return enrich.NewLeads(g, slog.New(slog.NewTextHandler(&log, nil)), c.add), c, &log
}

var (
	ok       = capi.Answer{Class: capi.OK}
	down     = capi.Answer{Class: capi.Transient, Status: 503}
	expired  = capi.Answer{Class: capi.Setup, Setup: capi.Token, Code: 190, Subcode: 463}
	unseen   = capi.Answer{Class: capi.Setup, Setup: capi.Config, Code: 100, Subcode: 33}
	throttle = capi.Answer{Class: capi.Throttle, Code: 4, RetryAfter: 10 * time.Minute}
)

// TestAskUntilKnown: how often a lead is asked for after each kind of answer, and how its lookup ends.
func TestAskUntilKnown(t *testing.T) {
	for name, tt := range map[string]struct {
		answers  []capi.Answer
		tries    int
		from, to time.Duration // when Ask returns
		counts   map[string]int
		warnings int
	}{
		"at once":           {[]capi.Answer{ok}, 1, 0, 0, map[string]int{"ok": 1}, 0},
		"after an outage":   {[]capi.Answer{down, down, down, ok}, 4, 0, 7*time.Second + 10*time.Millisecond, map[string]int{"ok": 1, "transient": 3}, 0},
		"a long outage":     {[]capi.Answer{down, down, down, down, down, down, ok}, 7, 0, 64 * time.Second, map[string]int{"ok": 1, "transient": 6}, 1},
		"throttled":         {[]capi.Answer{throttle, ok}, 2, 10 * time.Minute, 10 * time.Minute, map[string]int{"ok": 1, "throttle": 1}, 0},
		"token repaired":    {[]capi.Answer{expired, expired, ok}, 3, 2 * time.Minute, 2 * time.Minute, map[string]int{"ok": 1, "setup": 2}, 1},
		"too young":         {[]capi.Answer{unseen, unseen, ok}, 3, 0, 4 * time.Second, map[string]int{"ok": 1, "setup": 2}, 0},
		"gone":              {[]capi.Answer{unseen}, 6, 0, 32 * time.Second, map[string]int{"setup": 6, "gone": 1}, 1},
		"refused":           {[]capi.Answer{{Class: capi.Invalid, Code: 100}}, 1, 0, 0, map[string]int{"invalid": 1, "gone": 1}, 0},
		"code in no table":  {[]capi.Answer{{Class: capi.Unknown, Code: 77}}, 3, 0, 4 * time.Second, map[string]int{"unknown": 3, "gone": 1}, 0},
		"blocked by policy": {[]capi.Answer{{Class: capi.Setup, Setup: capi.Blocked, Code: 368}, ok}, 2, 30 * time.Minute, 30 * time.Minute, map[string]int{"ok": 1, "setup": 1}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				g := &graph{answers: tt.answers}
				leads, counts, log := newLeads(g)
				if leads.Ask(t.Context(), "1") == nil {
					t.Error("no answers")
				}
				if d := time.Since(g.start); d < tt.from || d > tt.to {
					t.Errorf("took %s, want %s to %s", d, tt.from, tt.to)
				}
				if g.asked() != tt.tries {
					t.Errorf("%d tries, want %d", g.asked(), tt.tries)
				}
				if diff := cmp.Diff(tt.counts, counts.of); diff != "" {
					t.Error(diff)
				}
				if n := strings.Count(log.String(), "level=WARN"); n != tt.warnings {
					t.Errorf("%d warnings: %s", n, log)
				}
				if _, known := leads.Known("1"); !known {
					t.Error("it is not kept")
				}
			})
		})
	}
}

// TestAskEnds: Ask ends with its context, whatever it waits for.
func TestAskEnds(t *testing.T) {
	for name, a := range map[string]capi.Answer{"outage": down, "token": expired, "throttle": throttle} {
		synctest.Test(t, func(t *testing.T) {
			g := &graph{answers: []capi.Answer{a}}
			leads, _, _ := newLeads(g)
			ctx, cancel := context.WithTimeout(t.Context(), 100*time.Minute)
			defer cancel()
			if leads.Ask(ctx, "1") != nil {
				t.Errorf("%s: answers", name)
			}
			if d := time.Since(g.start); d != 100*time.Minute {
				t.Errorf("%s: ended after %s", name, d)
			}
			// Full jitter up to five minutes is some 40 tries; a person is waited for in minutes.
			if g.asked() > 150 || g.asked() < 10 {
				t.Errorf("%s: %d tries", name, g.asked())
			}
		})
	}
}

// TestAllWaitForAPerson: if the token is refused for one lead, all leads wait, with one try a minute; a new token ends
// the wait within seconds.
func TestAllWaitForAPerson(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := &graph{answers: []capi.Answer{expired}}
		leads, _, log := newLeads(g)
		var asking sync.WaitGroup
		for i := range 50 {
			asking.Go(func() { leads.Ask(t.Context(), string(rune('A'+i))) })
		}
		<-time.After(10*time.Minute + 30*time.Second) // between two tries: one that is out has the old token
		if n := g.asked(); n > 60 {
			t.Errorf("%d tries in ten minutes with a wrong token", n)
		}
		if n := strings.Count(log.String(), "level=WARN"); n != 1 {
			t.Errorf("%d warnings: %s", n, log)
		}
		g.mu.Lock()
		g.answers = []capi.Answer{ok}
		g.mu.Unlock()
		g.rotate()
		repaired := time.Now()
		asking.Wait()
		if d := time.Since(repaired); d > 10*time.Second {
			t.Errorf("answered %s after the token was repaired", d)
		}
		if !strings.Contains(log.String(), "works again") {
			t.Errorf("log: %s", log)
		}
	})
}

// TestWarnOfAPersonInAnOutage: a token that is refused in the middle of an outage is logged too, once.
func TestWarnOfAPersonInAnOutage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		answers := slices.Repeat([]capi.Answer{{Class: capi.Transient, Status: http.StatusServiceUnavailable}}, 8)
		leads, _, log := newLeads(&graph{answers: append(answers, expired, expired, ok)})
		leads.Ask(t.Context(), "1")
		if n := strings.Count(log.String(), "level=WARN"); n != 2 {
			t.Errorf("%d warnings: %s", n, log)
		}
		if n := strings.Count(log.String(), "class=setup"); n != 1 {
			t.Errorf("%d warnings of the token: %s", n, log)
		}
	})
}

// TestRate: ten lookups a second, four at a time, however many leads wait.
func TestRate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := &graph{answers: []capi.Answer{ok}, took: 50 * time.Millisecond}
		leads, _, _ := newLeads(g)
		var asking sync.WaitGroup
		for i := range 210 {
			asking.Go(func() { leads.Ask(t.Context(), string(rune(0x100+i))) })
		}
		asking.Wait()
		if d := time.Since(g.start); d < 20*time.Second || d > 21*time.Second {
			t.Errorf("210 leads in %s", d)
		}
		if g.most > 4 {
			t.Errorf("%d requests at a time", g.most)
		}
	})
}

// TestCache: a repeated lead is not asked for again for ten minutes; the newest leads are kept.
func TestCache(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := &graph{answers: []capi.Answer{ok}}
		leads, counts, _ := newLeads(g)
		for range 2 {
			var asking sync.WaitGroup
			for range 3 {
				asking.Go(func() { leads.Ask(t.Context(), "1") })
			}
			asking.Wait()
		}
		if n := g.asked(); n > 3 || counts.of[enrich.FromCache] != 6-n {
			t.Errorf("%d tries, %v", n, counts.of)
		}
		<-time.After(10 * time.Minute)
		if _, known := leads.Known("1"); known {
			t.Error("answers are kept for longer than ten minutes")
		}
	})
}

// TestLeadResults: LeadResults has every class and every other result, once.
func TestLeadResults(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range enrich.LeadResults {
		seen[r] = true
	}
	if len(seen) != len(enrich.LeadResults) || len(seen) != len(capi.Classes)+3 {
		t.Errorf("%v", maps.Keys(seen))
	}
}
