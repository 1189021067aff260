package httpapi

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil"

	"github.com/omnicapi/omnicapi/pkg/config"
	"github.com/omnicapi/omnicapi/services/ingest/internal/source"
)

// pagePosts posts n events of a page.
func (f *fixture) pagePosts(addr string, n int) (status int, retryAfter string) {
	events := strings.Repeat(oneEvent+",", n-1) + oneEvent
	w := f.post("/v1/website/collect", `{"events":[`+events+`]}`, from(addr), "Origin: https://shop.example.com")
	return w.Code, w.Header().Get("Retry-After")
}

// TestUnprovenPerNetwork: what a network sends and proves nothing of has a rate; past it is 429 until the time that is named, other
// networks are taken, and so is what this one proves.
func TestUnprovenPerNetwork(t *testing.T) {
	now := arrival
	f := newFixture(t, func(o *Options) {
		o.Now = func() time.Time { return now }
		o.Config.UnprovenPerNetwork = config.Rate{EventsPerSecond: 10, Burst: 100}
	})
	const flood, shopper = "203.0.113.9", "203.0.113.10"
	for range 10 {
		if code, _ := f.pagePosts(flood, 10); code != http.StatusAccepted {
			t.Fatalf("within the burst: %d", code)
		}
	}
	code, after := f.pagePosts(flood, 10)
	wait, err := strconv.Atoi(after)
	if code != http.StatusTooManyRequests || err != nil || wait < 1 || wait > 2 {
		t.Fatalf("past it: %d, Retry-After %q", code, after)
	}
	if n := testutil.ToFloat64(f.unproven.total.WithLabelValues("beacon")); n != 10 {
		t.Errorf("%v events counted", n)
	}
	if code, _ := f.pagePosts(shopper, 1); code != http.StatusAccepted {
		t.Errorf("another network: %d", code)
	}
	if w := f.post(graphPath, oneBody, from(flood), goodToken); w.Code != http.StatusOK {
		t.Errorf("a server of the network: %d %s", w.Code, w.Body)
	}
	if w := f.post("/v1/website/openbridge/events", `{"event_name":"PageView","fb.pixel_id":"`+shop+`"}`, from(flood), "Origin: https://shop.example.com"); w.Code != http.StatusTooManyRequests {
		t.Errorf("another source's page: %d %s", w.Code, w.Body)
	}
	now = now.Add(time.Duration(wait) * time.Second)
	if code, _ := f.pagePosts(flood, 10); code != http.StatusAccepted {
		t.Errorf("after Retry-After: %d", code)
	}
	if log := f.log.String(); strings.Count(log, "unproven_per_network") != 2 || strings.Contains(log, "203.0.113") { // of two sources
		t.Errorf("logged %s", log)
	}
}

// TestRejectedCount: events that are rejected cost as much.
func TestRejectedCount(t *testing.T) {
	f := newFixture(t, func(o *Options) { o.Config.UnprovenPerNetwork = config.Rate{EventsPerSecond: 1, Burst: 10} })
	for range 2 {
		f.post("/v1/website/collect", `{"events":[{},{},{},{},{}]}`, from("203.0.113.9"), "Origin: https://shop.example.com")
	}
	if code, _ := f.pagePosts("203.0.113.9", 1); code != http.StatusTooManyRequests {
		t.Errorf("%d", code)
	}
}

// TestLargeRequestIsNoLongDebt: one with more events than the burst locks its network out for as long as the burst, no longer.
func TestLargeRequestIsNoLongDebt(t *testing.T) {
	now := arrival
	f := newFixture(t, func(o *Options) { o.Now = func() time.Time { return now } })
	if code, _ := f.pagePosts("203.0.113.9", 9000); code != http.StatusAccepted {
		t.Fatalf("%d", code)
	}
	if code, _ := f.pagePosts("203.0.113.9", 1); code != http.StatusTooManyRequests {
		t.Fatalf("%d", code)
	}
	now = now.Add(10 * time.Second)
	if code, _ := f.pagePosts("203.0.113.9", 1900); code != http.StatusAccepted {
		t.Errorf("ten seconds later: %d", code)
	}
}

// TestExemptFromUnproven: this machine, private networks, proxies, and a sender that stops for good after refusals.
func TestExemptFromUnproven(t *testing.T) {
	f := newFixture(t, func(o *Options) { o.Config.UnprovenPerNetwork = config.Rate{EventsPerSecond: 1, Burst: 1} },
		append(standard(), newSource("woo", "platform", "woocommerce", func(s *source.Source) { s.Open = true }))...)
	for _, addr := range []string{"127.0.0.1", "::1", "10.2.3.4", "172.16.0.1", "192.168.1.1", "100.64.0.1", "fd00::1", "192.0.2.9"} {
		for range 3 {
			if code, _ := f.pagePosts(addr, 5); code != http.StatusAccepted {
				t.Errorf("%s: %d", addr, code)
			}
		}
	}
	for n := range 5 {
		body := fmt.Sprintf(`{"id":%d,"status":"processing","currency":"USD","total":"1.00"}`, n)
		if w := f.post("/v1/platform/woocommerce", body, from("203.0.113.9"), "X-WC-Webhook-Source: https://a.example/", "X-WC-Webhook-Topic: order.created"); w.Code != http.StatusOK {
			t.Errorf("a shop without a secret: %d %s", w.Code, w.Body)
		}
	}
	// Who has no address that can be read shares one network.
	f.pagePosts("unknown", 1)
	if code, _ := f.pagePosts("garbage", 1); code != http.StatusTooManyRequests {
		t.Errorf("clients without an address: %d", code)
	}
}
