package e2e

import (
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestWokenZombie (F26): a forwarder is stopped (SIGSTOP) with a full window for longer than its session, another takes over and
// delivers; woken, the first posts nothing of what it holds. Meta asks it to wait before, so that no request of it is out when it stops.
func TestWokenZombie(t *testing.T) {
	t.Parallel()
	s := newStack(t, "")
	s.control(http.MethodPut, "/_sandbox/faults", `[{"status":503,"headers":{"Retry-After":"5"}}]`)
	events, ids := numbered(t, "zombie", 1000)
	s.take(shopID, events...)
	eventually(t, time.Minute, "the lane pauses with what it holds", func() (bool, string) {
		_, metrics := get(t, "http://"+s.forwarderAdmin+"/metrics")
		failed := `omnicapi_forwarder_request_seconds_count{class="transient",dataset="shop"} `
		return strings.Contains(metrics, failed) && !strings.Contains(metrics, failed+"0\n"), "no failed post"
	})
	if err := s.forwarder.cmd.Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	s.control(http.MethodPut, "/_sandbox/faults", `[]`)
	heir := newProcess(t, "forwarder", "-c", s.config)
	heir.env = []string{"OMNICAPI_FORWARDER_ADMIN=" + freePort(t)}
	heir.start()
	s.waitFates(2*time.Minute, ids)

	if err := s.forwarder.cmd.Process.Signal(syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	s.waitReady()
	after, more := numbered(t, "after", 50) // both are members again when these have ended
	s.take(shopID, after...)
	s.waitFates(time.Minute, more)
	twice := 0
	for _, n := range s.arrivedIDs(shopID) {
		twice += n - 1
	}
	if twice > 0 {
		t.Errorf("%d events arrived twice", twice)
	}
}
