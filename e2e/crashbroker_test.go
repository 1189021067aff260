package e2e

import (
	"fmt"
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/pkg/crashpoint"
)

// TestCrashInBroker (F18) ends `omnicapi up`, broker and all, when the embedded broker has given a batch to the operating system, and
// when it is on the disk: everything acknowledged has a fate after the next start.
func TestCrashInBroker(t *testing.T) {
	t.Parallel()
	crashing(t, "omnicapi") // builds
	var cases []named
	for _, point := range []crashpoint.Point{crashpoint.BrokerWritten, crashpoint.BrokerSynced} {
		for _, signal := range []string{"KILL", "TERM"} {
			if *every || point == crashpoint.BrokerWritten && signal == "KILL" {
				cases = append(cases, named{fmt.Sprint(point, "/", signal), func(t *testing.T) { crashInBroker(t, point, signal) }})
			}
		}
	}
	inParallel(t, cases)
}

func crashInBroker(t *testing.T, point crashpoint.Point, signal string) {
	u := newUp(t)
	u.process.arm(point, 60, signal)
	u.waitReady()
	l := u.startLoad("broker", 4, 5)
	u.process.waitEnd(signal)
	acked := l.end()
	u.start()
	u.connect()
	if len(acked) == 0 {
		t.Fatal("nothing was acknowledged: the test shows nothing")
	}
	fates := u.waitFates(2*time.Minute, acked)
	for _, id := range acked {
		for _, f := range fates[id] {
			if f.fate == "dead" {
				t.Errorf("%s: %s", id, f)
			}
		}
	}
	t.Logf("%d events were acknowledged, all have a fate", len(acked))
}
