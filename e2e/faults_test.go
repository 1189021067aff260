package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestOneBadEventAmongThousand: Meta refuses a whole batch because of one event; the other 999 are delivered all the same.
func TestOneBadEventAmongThousand(t *testing.T) {
	s := newStack(t, "")
	s.control(http.MethodPut, "/_sandbox/faults", `[{"event_id":"batch-0500","status":400,
		"error":{"code":100,"error_subcode":2804019,"message":"(#100) canary-text"}}]`)
	events, ids := numbered(t, "batch", 1000)
	s.take(shopID, events...)
	fates := s.waitFates(2*time.Minute, ids)
	delivered := 0
	for _, id := range ids {
		switch f := fates[id][0]; {
		case f.fate == "delivered" && f.fbtrace != "":
			delivered++
		case id != "batch-0500":
			t.Errorf("%s: %s", id, f)
		}
	}
	if delivered != 999 {
		t.Errorf("%d delivered, want 999", delivered)
	}
	letters := s.deadLetters()
	if len(letters) != 1 || letters[0].ID != "batch-0500" || string(letters[0].Reason) != "refused" {
		t.Fatalf("dead letters: %+v", letters)
	}
	if !strings.Contains(letters[0].Detail, "100") || !strings.Contains(letters[0].Detail, "2804019") {
		t.Errorf("detail %q names neither code nor subcode", letters[0].Detail)
	}
	if got := len(s.arrivedIDs(shopID)); got != 999 {
		t.Errorf("%d events at the sandbox, want 999", got)
	}
}

// TestUnmappableEventNamesItsField: an event that the normalizer cannot map becomes a dead letter that names the field
// at fault.
func TestUnmappableEventNamesItsField(t *testing.T) {
	s := newStack(t, "")
	bad := purchase("no-currency")
	delete(bad["custom_data"].(map[string]any), "currency")
	s.take(otherID, bad, purchase("good"))
	fates := s.waitFates(time.Minute, []string{"no-currency", "good"})
	if f := fates["no-currency"][0]; f.fate != "dead" || f.reason != "missing_field" || f.detail != "custom_data.currency" {
		t.Errorf("no-currency: %s", f)
	}
	if f := fates["good"][0]; f.fate != "delivered" {
		t.Errorf("good: %s", f)
	}
}

// TestWrongTokenParks: with a wrong token no event is lost and no other dataset is held up; the right token resumes the
// lane.
func TestWrongTokenParks(t *testing.T) {
	t.Parallel()
	s := newStack(t, "")
	s.write("secrets/shop.token", "wrong-token-canary")
	eventually(t, time.Minute, "a post under the wrong token parks the lane", func() (bool, string) {
		s.take(shopID, purchase(fmt.Sprint("probe-", time.Now().UnixNano())))
		_, metrics := get(t, "http://"+s.forwarderAdmin+"/metrics")
		return parked(metrics, "shop"), "not parked"
	})
	events, ids := numbered(t, "parked", 50)
	s.take(shopID, events...)
	s.take(otherID, purchase("other-flows"))
	s.waitFates(time.Minute, []string{"other-flows"})
	for _, id := range ids {
		if f := s.fates()[id]; len(f) != 0 {
			t.Fatalf("%s ended while the lane was parked: %v", id, f)
		}
	}
	if status, body := get(t, "http://"+s.forwarderAdmin+"/readyz"); status != 200 {
		t.Errorf("a parked lane made the forwarder unready: %d %s", status, body)
	}
	s.write("secrets/shop.token", shopToken)
	began := time.Now()
	fates := s.waitFates(25*time.Second, ids) // by itself it probes every 30 s
	t.Logf("resumed after %s", time.Since(began).Round(100*time.Millisecond))
	for _, id := range ids {
		if f := fates[id][0]; f.fate != "delivered" {
			t.Errorf("%s: %s", id, f)
		}
	}
	if letters := s.deadLetters(); len(letters) != 0 {
		t.Errorf("%d dead letters, want none", len(letters))
	}
}

func parked(metrics, dataset string) bool {
	for line := range strings.Lines(metrics) {
		if strings.HasPrefix(line, "omnicapi_lane_parked{") && strings.Contains(line, `dataset="`+dataset+`"`) &&
			strings.HasSuffix(strings.TrimSpace(line), " 1") {
			return true
		}
	}
	return false
}

// TestGracefulStop: SIGTERM ends each process within 10 s with status 0, and a stop under load delivers nothing twice.
func TestGracefulStop(t *testing.T) {
	s := newStack(t, "")
	events, ids := numbered(t, "stop", 400)
	s.take(shopID, events...)
	for _, p := range []*process{s.forwarder, s.normalizer} {
		p.stop(10 * time.Second)
		p.start()
	}
	s.waitReady()
	s.waitFates(time.Minute, ids)
	s.arrivedOnce(ids)
	for _, p := range s.processes() {
		p.stop(10 * time.Second)
	}
}
