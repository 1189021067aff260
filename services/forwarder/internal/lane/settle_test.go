package lane

import (
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/omnicapi/omnicapi/pkg/capi"
	"github.com/omnicapi/omnicapi/pkg/fault"
)

// TestFatesCannotBeWritten: the lane stands still, is not ready, settles nothing, and goes on when Kafka is back.
func TestFatesCannotBeWritten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := start(t, config())
		h.bus.fail(errors.New("deadletters is missing"))
		h.feed(0, signals(0, 1000)...)
		wait(5 * time.Second)
		h.feed(0, signals(1000, 1000)...)
		wait(time.Hour)
		h.wantSettled(0)
		lc, c := h.chunkOf(0, signals(2000, 1000))
		select {
		case h.in <- lc:
			t.Error("the lane reads on")
		case <-time.After(time.Second):
		}
		if h.lane.Ready() == nil {
			t.Error("the lane is ready")
		}
		if n := h.meta.count(); n != 1 {
			t.Errorf("%d posts: went on past a fate that is not written", n)
		}
		h.bus.fail(nil)
		h.chunks = append(h.chunks, c)
		h.in <- lc
		wait(10 * time.Second)
		h.wantSettled(3000)
		if err := h.lane.Ready(); err != nil {
			t.Error(err)
		}
		h.end()
	})
}

// TestFateThatCannotBeWrittenStopsTheLane: what is gathered, or must be posted again in halves, is not posted past it either.
// The second post begins while the first one's fate is being written, before anybody can know that it will not be.
func TestFateThatCannotBeWrittenStopsTheLane(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cfg := config()
		cfg.InFlight = 1
		h := start(t, cfg)
		h.bus.took = time.Millisecond
		h.bus.fail(errAway)
		h.meta.set(func(ids []string) Answer {
			if slices.Contains(ids, "e01500") {
				a := failed(capi.Invalid, 400, 100, 2804009)
				a.EventFault = true
				return a
			}
			return ok()
		})
		h.feed(0, signals(0, 2000)...)
		wait(time.Hour)
		if n := h.meta.count(); n != 2 {
			t.Errorf("%d posts", n)
		}
		h.wantSettled(0)
		h.bus.fail(nil)
		wait(longestRewrite + 5*time.Second)
		h.want(fault.Delivered, fault.None, 1999)
		h.want(fault.Dead, fault.Refused, 1)
		h.wantSettled(2000)
		h.end()
	})
}

// TestDrainEndsDuringWrite: a write that the end of the drain cuts off settles nothing: nobody knows what became of it.
func TestDrainEndsDuringWrite(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := start(t, config())
		h.bus.hang.Store(true)
		h.feed(0, signals(0, 1000)...)
		wait(2 * time.Second)
		h.stop()
		wait(8 * time.Second)
		h.kill()
		<-h.done
		h.wantSettled(0)
	})
}
