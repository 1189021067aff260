package e2e

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/pkg/crashpoint"
)

// TestCrashInReplay (F11) ends a replay when the letters are back on their topic and not off the list. After SIGKILL they are still on
// it, and the next replay leaves them out, for they were delivered; SIGTERM lets the command take them off first.
func TestCrashInReplay(t *testing.T) {
	t.Parallel()
	crashing(t, "omnicapi") // builds
	var cases []named
	for _, signal := range []string{"KILL", "TERM"} {
		cases = append(cases, named{signal, func(t *testing.T) {
			s := newStack(t, "")
			s.control(http.MethodPut, "/_sandbox/faults", `[{"status":400,"error":{"code":100,"error_subcode":2804019}}]`)
			events, ids := numbered(t, "letter", 8)
			s.take(shopID, events...)
			s.waitFates(time.Minute, ids)
			s.control(http.MethodPut, "/_sandbox/faults", `[]`)

			p := newProcess(t, "omnicapi", "deadletters", "replay", "-c", s.config, "--all")
			p.arm(crashpoint.ReplayPublished, 1, signal)
			p.waitEnd(signal)
			onList := 8
			if signal == "TERM" {
				onList = 0
			}
			if n := s.listed(); n != onList {
				t.Errorf("%d letters are on the list, want %d\n%s", n, onList, p.log.text())
			}
			s.waitDelivered(time.Minute, ids) // the next replay asks for what is written
			out, errs, code := run(t, time.Minute, "omnicapi", "deadletters", "replay", "-c", s.config, "--all")
			if again := strings.Contains(out+errs, "delivered already"); again != (onList > 0) || (code == 0) != (onList == 0) {
				t.Errorf("the next replay: exit %d\n%s%s", code, out, errs)
			}
			s.arrivedOnce(ids)
		}})
	}
	inParallel(t, cases)
}

// listed is how many dead letters are on the list.
func (s *stack) listed() int {
	s.t.Helper()
	out, errs, code := run(s.t, time.Minute, "omnicapi", "deadletters", "list", "-c", s.config, "--output", "json")
	if code != 0 {
		s.t.Fatalf("deadletters list: exit %d\n%s%s", code, out, errs)
	}
	return strings.Count(out, `"event_id"`)
}
