package e2e

import (
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/pkg/crashpoint"
)

// TestTermInAPause (F14): SIGTERM while Meta fails ends the forwarder at once, not at the end of a pause; nothing is committed.
func TestTermInAPause(t *testing.T) {
	t.Parallel()
	s := newStack(t, "")
	s.control(http.MethodPut, "/_sandbox/faults", `[{"status":503}]`)
	events, ids := numbered(t, "pause", 100)
	s.take(shopID, events...)
	eventually(t, time.Minute, "the lane pauses", func() (bool, string) {
		log := s.forwarder.log.text()
		return strings.Contains(log, "lane pauses"), tail(log, 3)
	})
	began := time.Now()
	s.forwarder.stop(stopWithin)
	t.Logf("ended after %s", time.Since(began).Round(time.Millisecond))
	if n := len(s.fates()); n > 0 {
		t.Errorf("%d events ended", n)
	}
	s.control(http.MethodPut, "/_sandbox/faults", `[]`)
	s.forwarder.start()
	s.waitFates(time.Minute, ids)
	s.arrivedOnce(ids)
}

// TestTermWhileMetaHangs: a POST that is out at SIGTERM is awaited until the drain ends, and then nothing is settled (F15); a second
// SIGTERM ends the process at once (F16). Either way the events are posted again.
func TestTermWhileMetaHangs(t *testing.T) {
	t.Parallel()
	for _, second := range []bool{true, false} {
		if !second && !*every {
			continue // it takes the drain's 8 s
		}
		s := newStack(t, "")
		s.control(http.MethodPut, "/_sandbox/faults", `[{"hang":true}]`)
		s.forwarder.stop(stopWithin)
		s.forwarder.env = []string{"OMNICAPI_GRAPH_TIMEOUT=30s"}
		s.forwarder.arm(crashpoint.ForwarderPosting, 1, "TERM")
		events, ids := numbered(t, "hang", 100)
		s.take(shopID, events...)
		s.forwarder.waitReached() // it has sent itself the first
		began := time.Now()
		if second {
			eventually(t, drain, "it has heard of the first", func() (bool, string) { // two at once may be one
				_, body := get(t, "http://"+s.forwarderAdmin+"/readyz")
				return strings.Contains(body, "stopping"), body
			})
			s.forwarder.signal(syscall.SIGTERM)
		}
		select {
		case <-s.forwarder.done:
		case <-time.After(time.Minute):
			t.Fatal("it does not end")
		}
		took := time.Since(began)
		t.Logf("ended after %s: %v", took.Round(time.Millisecond), s.forwarder.err)
		if second && took >= drain || !second && took < drain/2 {
			t.Errorf("it ended after %s", took)
		}
		if second != (s.forwarder.err != nil) {
			t.Errorf("it ended with %v", s.forwarder.err)
		}
		if n := len(s.fates()); n > 0 {
			t.Errorf("%d events ended", n)
		}
		s.control(http.MethodPut, "/_sandbox/faults", `[]`)
		s.forwarder.start()
		s.waitFates(time.Minute, ids)
		s.arrivedOnce(ids)
	}
}

// arrivedOnce fails the test unless the sandbox has accepted each of the events once; again only what the forwarder has given up, on a
// machine that is slow.
func (s *stack) arrivedOnce(ids []string) {
	s.t.Helper()
	arrived, gaveUp := s.arrivedIDs(shopID), s.gaveUp()
	for _, id := range ids {
		switch n := arrived[id]; {
		case n > 1 && gaveUp:
			s.t.Logf("%s arrived %d times, on a machine that is slow", id, n)
		case n != 1:
			s.t.Errorf("%s arrived %d times", id, n)
		}
	}
}

// gaveUp says whether the forwarder has given up a POST because its answer took too long: Meta may have the events, and gets them again.
func (s *stack) gaveUp() bool { return strings.Contains(s.forwarder.log.text(), `"cause":"timeout"`) }
