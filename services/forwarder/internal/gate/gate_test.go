package gate

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/omnicapi/omnicapi/pkg/capi"
)

// newGate returns a gate of 4 posters that logs to log, with its metrics.
func newGate(log *bytes.Buffer, credentials func() uint64) (*Gate, *prometheus.Registry) {
	reg := prometheus.NewRegistry()
	return New(Config{
		Dataset: "shop", InFlight: 4, Credentials: credentials, Metrics: NewMetrics(reg, []string{"shop"}),
		Log: slog.New(slog.NewTextHandler(log, nil)),
	}), reg
}

func never() uint64 { return 1 }

// TestGateSiblings: four posts fail at once; that is one failure, not four.
func TestGateSiblings(t *testing.T) {
	now := time.Unix(0, 0)
	g, _ := newGate(&bytes.Buffer{}, never)
	if g.width(now) != 4 {
		t.Fatal("a new gate is not open")
	}
	ticket := g.Ticket()
	if g.Pause(now, ticket, capi.Transient, 5*time.Second) != 5*time.Second {
		t.Fatal("no pause")
	}
	for range 3 {
		if d := g.Pause(now, ticket, capi.Transient, 0); d != 0 || g.failures != 1 {
			t.Fatalf("a sibling's failure counts: %v, %d", d, g.failures)
		}
	}
	if g.Pause(now, ticket, capi.Throttle, time.Minute); g.until != now.Add(time.Minute) {
		t.Errorf("a sibling's Retry-After is lost: %v", g.until)
	}
	if g.endTrial(ticket) || g.width(now) != 0 {
		t.Error("a sibling's success ends a pause")
	}
	now = now.Add(time.Minute)
	if g.width(now) != 1 {
		t.Error("no trial after the pause")
	}
	if !g.endTrial(g.Ticket()) || g.width(now) != 4 || g.failures != 0 {
		t.Error("a good trial does not open the gate")
	}
	if g.Park(now, g.Ticket(), capi.Token); g.width(now) != 0 {
		t.Error("a parked gate lets posts through")
	}
	g.Park(now.Add(10*time.Second), ticket, capi.Token)
	if g.width(now.Add(29*time.Second)) != 0 || g.width(now.Add(30*time.Second)) != 1 {
		t.Error("a late sibling's refusal moves the probe")
	}
	if g.Pause(now, g.Ticket(), capi.Throttle, 2*time.Hour); !g.until.Equal(now.Add(probeEvery)) {
		t.Errorf("a throttled probe: next at %v", g.until)
	}
}

// TestReached: an answer of any class ends a park for setup, only a delivery one for refusals, and none that is not the probe's.
func TestReached(t *testing.T) {
	now := time.Unix(0, 0)
	for _, c := range []struct {
		reason capi.SetupReason
		class  capi.Class
		want   bool
	}{{capi.Token, capi.OK, true}, {capi.Token, capi.Invalid, true}, {Refused, capi.Invalid, false}, {Refused, capi.OK, true}} {
		g, _ := newGate(&bytes.Buffer{}, never)
		before := g.Ticket()
		g.Park(now, before, c.reason)
		if g.Reached(now, before, capi.OK, 0) || !g.ParkedFor(c.reason) {
			t.Errorf("%s: an answer to a post from before the park ends it", c.reason)
		}
		if got := g.Reached(now, g.Ticket(), c.class, 0); got != c.want || g.ParkedFor(c.reason) == c.want {
			t.Errorf("%s after %s: the park's end is %v, want %v", c.class, c.reason, got, c.want)
		}
	}
}

// TestCredentials: they are looked at every 2 s while parked, and a change sends the probe at once.
func TestCredentials(t *testing.T) {
	now := time.Unix(0, 0)
	version, looks := uint64(1), 0
	g, _ := newGate(&bytes.Buffer{}, func() uint64 { looks++; return version })
	g.LookAtCredentials(now)
	if looks != 0 {
		t.Error("looked while open")
	}
	g.Park(now, g.Ticket(), capi.Token)
	for range 3 {
		g.LookAtCredentials(now)
	}
	if looks != 2 { // one of them the ticket's
		t.Errorf("looked %d times at once", looks)
	}
	version = 2
	if g.LookAtCredentials(now.Add(credentialsEvery - 1)); g.width(now.Add(credentialsEvery)) != 0 {
		t.Error("looked too early")
	}
	if g.LookAtCredentials(now.Add(credentialsEvery)); g.width(now.Add(credentialsEvery)) != 1 {
		t.Error("no probe after the credentials changed")
	}
}

// TestShownAndLogged: each change is logged once, by level, and shown; a closed gate shows nothing.
func TestShownAndLogged(t *testing.T) {
	now := time.Unix(0, 0)
	var log bytes.Buffer
	g, reg := newGate(&log, never)
	shows := func(what, parked string, pause float64) {
		t.Helper()
		families, err := reg.Gather()
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range families {
			for _, m := range f.GetMetric() {
				want := 0.0
				switch labels := m.GetLabel(); {
				case f.GetName() == "omnicapi_lane_throttle_seconds":
					want = pause
				case f.GetName() == "omnicapi_lane_parked" && labels[1].GetValue() == parked:
					want = 1
				}
				if got := m.GetGauge().GetValue(); got != want {
					t.Errorf("%s: %s%v is %v, want %v", what, f.GetName(), m.GetLabel(), got, want)
				}
			}
		}
		if len(families) != 3 {
			t.Errorf("%d metrics", len(families))
		}
	}
	logs := func(what, want string) {
		t.Helper()
		var lines strings.Builder
		for line := range strings.Lines(log.String()) {
			_, line, _ = strings.Cut(strings.TrimSpace(line), " ")
			lines.WriteString(line + "\n")
		}
		got := lines.String()
		if log.Reset(); got != want {
			t.Errorf("%s: logged %q, want %q", what, got, want)
		}
	}
	g.Pause(now, g.Ticket(), capi.Throttle, time.Minute, "class", "throttle")
	shows("paused", "", 60)
	logs("paused", "level=WARN msg=\"lane pauses\" class=throttle for=1m0s\n")
	now = now.Add(time.Minute)
	g.width(now)
	g.Pause(now, g.Ticket(), capi.Throttle, 2*time.Minute, "class", "throttle")
	shows("paused again", "", 120)
	logs("paused again", "")
	now = now.Add(2 * time.Minute)
	g.width(now)
	g.Reached(now, g.Ticket(), capi.OK, 0)
	shows("open", "", 0)
	logs("open", "level=INFO msg=\"lane posts again\"\n")
	for range 2 {
		g.Park(now, g.Ticket(), capi.Token, "status", 401)
	}
	shows("parked", "token", 0)
	logs("parked", "level=ERROR msg=\"lane parked: a person must act; nothing is lost, it resumes by itself\" status=401 reason=token\n")
	g.Reached(now, g.Ticket(), capi.OK, 0)
	shows("resumed", "", 0)
	logs("resumed", "level=INFO msg=\"lane resumes\" reason=token\n")
	g.Reached(now, g.Ticket(), capi.OK, 7*time.Second)
	shows("asked to wait", "", 7)
	g.Park(now, g.Ticket(), Refused)
	g.Close()
	shows("closed", "", 0)
}
