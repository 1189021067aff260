package lane

import (
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"github.com/omnicapi/omnicapi/pkg/capi"
	"github.com/omnicapi/omnicapi/pkg/fault"
)

// TestIsolateProperty: given any bad set, exactly that set is dead, within 2n posts, whatever the class and whether Meta
// names an event, the right one or not.
func TestIsolateProperty(t *testing.T) {
	kinds := []struct {
		class  capi.Class
		reason fault.Reason
	}{{capi.Invalid, fault.Refused}, {capi.TooLarge, fault.Oversize}, {capi.Partial, fault.Partial}, {capi.Unknown, fault.UnknownCode}}
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.IntRange(1, 60).Draw(rt, "n")
		bad := map[int]bool{}
		for _, i := range rapid.SliceOfN(rapid.IntRange(0, n-1), 0, n).Draw(rt, "bad") {
			bad[i] = true
		}
		kind := rapid.SampledFrom(kinds).Draw(rt, "kind")
		names := rapid.SampledFrom([]string{"none", "right", "wrong"}).Draw(rt, "names")
		wide := rapid.IntRange(1, 5).Draw(rt, "inFlight")
		var problem string
		synctest.Test(t, func(t *testing.T) {
			cfg := config()
			cfg.InFlight = wide
			h := start(t, cfg)
			h.meta.set(func(ids []string) Answer {
				at := slices.IndexFunc(ids, func(id string) bool { return bad[number(id)] })
				if at < 0 {
					return ok()
				}
				a := failed(kind.class, 400, 100, 2804009)
				a.EventFault = true
				switch names {
				case "right":
					a.EventIndex = at
				case "wrong":
					a.EventIndex = (at + 1) % len(ids)
				}
				return a
			})
			h.feed(0, signals(0, n)...)
			wait(time.Hour)
			h.end()
			dead := h.bus.ids(fault.Dead, kind.reason)
			var want []string
			for i := range n {
				if bad[i] {
					want = append(want, fmt.Sprintf("e%05d", i))
				}
			}
			limit := 2 * n
			if kind.class == capi.Unknown {
				limit += maxUnknown - 1
			}
			switch done, _ := h.settled(); {
			case !slices.Equal(dead, want):
				problem = fmt.Sprintf("dead %v, want %v", dead, want)
			case len(h.bus.ids(fault.Delivered, fault.None)) != n-len(want):
				problem = "not all good events are delivered exactly once"
			case done != n:
				problem = fmt.Sprintf("%d of %d settled", done, n)
			case h.meta.count() > limit:
				problem = fmt.Sprintf("%d posts for %d events", h.meta.count(), n)
			case h.meta.widest > wide:
				problem = fmt.Sprintf("%d posts at a time, want at most %d", h.meta.widest, wide)
			}
		})
		if problem != "" {
			rt.Fatal(problem)
		}
	})
}

// TestOneBadAmongThousand: 999 delivered, one dead letter, few posts, in_flight wide.
func TestOneBadAmongThousand(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := start(t, config())
		h.meta.set(func(ids []string) Answer {
			if slices.Contains(ids, "e00613") {
				a := failed(capi.Invalid, 400, 100, 2804009)
				a.EventFault = true
				return a
			}
			return ok()
		})
		h.feed(0, signals(0, 1000)...)
		wait(5 * time.Second)
		h.want(fault.Delivered, fault.None, 999)
		h.want(fault.Dead, fault.Refused, 1)
		if n := h.meta.count(); n > 21 {
			t.Errorf("%d posts", n)
		}
		if h.metric("omnicapi_deadletters_total", "stage", "forwarder", "reason", "refused") != 1 {
			t.Error("the dead letter is not counted")
		}
		h.end()
	})
}

// TestIsolateWhileOthersFlow: the memory of a batch that is in pieces is not used for the next ones.
func TestIsolateWhileOthersFlow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cfg := config()
		cfg.Limits.Events = 100
		h := start(t, cfg)
		h.meta.set(func(ids []string) Answer {
			if slices.ContainsFunc(ids, func(id string) bool { return number(id)%300 == 13 }) {
				a := failed(capi.Invalid, 400, 100, 2804009)
				a.EventFault = true
				return a
			}
			return ok()
		})
		for i := range 5 {
			h.feed(i%2, signals(i*600, 600)...)
		}
		wait(time.Minute)
		if got := h.bus.ids(fault.Delivered, fault.None); len(slices.Compact(got)) != 2990 {
			t.Errorf("%d delivered", len(got))
		}
		h.want(fault.Dead, fault.Refused, 10)
		h.wantSettled(3000)
		h.end()
	})
}

// TestNamedEvent: the event that Meta names goes alone at once, the others together: three posts.
func TestNamedEvent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := start(t, config())
		h.meta.set(func(ids []string) Answer {
			at := slices.Index(ids, "e00613")
			if at < 0 {
				return ok()
			}
			a := failed(capi.Invalid, 400, 100, 2804009)
			a.EventFault, a.EventIndex = true, at
			return a
		})
		h.feed(0, signals(0, 1000)...)
		wait(time.Second)
		h.want(fault.Delivered, fault.None, 999)
		h.want(fault.Dead, fault.Refused, 1)
		if n := h.meta.count(); n != 3 {
			t.Errorf("%d posts", n)
		}
		h.end()
	})
}

// TestUnknownThreeTries: an unknown code that goes away by itself kills nobody.
func TestUnknownThreeTries(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := start(t, config())
		h.meta.set(func([]string) Answer {
			if h.meta.countLocked() < maxUnknown {
				return failed(capi.Unknown, 400, 777, 0)
			}
			return ok()
		})
		h.feed(0, signals(0, 10)...)
		wait(time.Minute)
		h.want(fault.Delivered, fault.None, 10)
		if n := h.meta.count(); n != maxUnknown {
			t.Errorf("%d posts", n)
		}
		for _, ids := range h.meta.posts {
			if len(ids) != 10 {
				t.Errorf("a post of %d: split before its tries were over", len(ids))
			}
		}
		h.end()
	})
}

// TestTransientWhileIsolating: a fault in the middle of a split loses and doubles nothing.
func TestTransientWhileIsolating(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := start(t, config())
		posts := 0
		h.meta.set(func(ids []string) Answer {
			if posts++; posts%3 == 0 {
				return failed(capi.Transient, 500, 2, 0)
			}
			if slices.Contains(ids, "e00050") {
				return failed(capi.Invalid, 400, 100, 0)
			}
			return ok()
		})
		h.feed(0, signals(0, 100)...)
		wait(30 * time.Minute)
		h.want(fault.Delivered, fault.None, 99)
		h.want(fault.Dead, fault.Refused, 1)
		h.wantSettled(100)
		h.end()
	})
}
