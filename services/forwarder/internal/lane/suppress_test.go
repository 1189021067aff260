package lane

import (
	"crypto/sha256"
	"encoding/hex"
	"testing"
	"testing/synctest"
	"time"

	"github.com/omnicapi/omnicapi/pkg/capi"
	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/suppression"
)

func hashOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

func onList(person string, removed bool) *event.Suppression {
	return &event.Suppression{Kind: "em", Hash: sha256.Sum256([]byte(person)), Removed: removed}
}

// feedPersons hands over one event a person, known by the hash of the name, which is the event's id.
func (h *harness) feedPersons(persons ...string) {
	h.t.Helper()
	var sigs []event.Signal
	for _, p := range persons {
		sigs = append(sigs, signal(p))
	}
	lc, c := h.chunkOf(0, sigs)
	for i := range lc.Records {
		lc.Records[i].Value = []byte(`{"event_name":"Purchase","event_id":"` + persons[i] + `","user_data":{"em":["` + hashOf(persons[i]) + `"]}}`)
	}
	h.chunks = append(h.chunks, c)
	h.in <- lc
}

func suppressing(t *testing.T, list *suppression.List) *harness {
	t.Helper()
	cfg := config()
	cfg.Suppressed = list
	return start(t, cfg)
}

// TestSuppressedBeforeThePost (F79, T43): whoever is on the list when his event's turn comes is left out of the POST and dropped, and the
// rest goes out.
func TestSuppressedBeforeThePost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		list := suppression.NewList()
		h := suppressing(t, list)
		h.feedPersons("jane", "john", "jack")
		synctest.Wait()
		list.Apply(onList("john", false)) // while the batch is open
		wait(5 * time.Second)
		h.want(fault.Delivered, "", 2)
		h.want(fault.Dropped, fault.Suppressed, 1)
		h.wantSettled(3)
		for _, ids := range h.meta.posts {
			for _, id := range ids {
				if id == "john" {
					t.Error("john was posted")
				}
			}
		}
		list.Apply(onList("jane", false))
		h.feedPersons("jane2", "john") // john's repeat is no duplicate of what was never sent
		wait(5 * time.Second)
		h.want(fault.Delivered, "", 3)
		h.want(fault.Dropped, fault.Suppressed, 2)
		list.Apply(onList("john", true))
		h.feedPersons("john")
		wait(5 * time.Second)
		h.want(fault.Delivered, "", 4)
		h.wantSettled(6)
		h.end()
	})
}

// TestSuppressedWhileItWaits (F79): an event that waits for another try, in a parked or a paused lane, or behind the first of its name
// and id, is dropped when it would be posted; one whose time is over leaves no dead letter.
func TestSuppressedWhileItWaits(t *testing.T) {
	for name, answer := range map[string]func() Answer{
		"parked": func() Answer { return setup(capi.Token) },
		"paused": func() Answer { return failed(capi.Transient, 500, 2, 0) },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				list := suppression.NewList()
				h := suppressing(t, list)
				h.meta.fn = func([]string) Answer { return answer() }
				h.feedPersons("jane", "john", "john")
				wait(10 * time.Second)
				list.Apply(onList("john", false))
				h.meta.mu.Lock()
				h.meta.fn = func([]string) Answer { return ok() }
				h.meta.mu.Unlock()
				wait(10 * time.Minute)
				h.want(fault.Delivered, "", 1)
				h.want(fault.Dropped, fault.Suppressed, 2)
				h.wantSettled(3)
				h.end()
			})
		})
	}
	t.Run("expired", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			list := suppression.NewList()
			cfg := config()
			cfg.Suppressed, cfg.Limits.Events = list, 1 // each probe is of jane's batch
			h := start(t, cfg)
			h.meta.fn = func([]string) Answer { return setup(capi.Token) }
			h.feedPersons("jane", "john")
			wait(10 * time.Second)
			list.Apply(onList("john", false))
			wait(8 * 24 * time.Hour)
			h.want(fault.Dead, fault.Expired, 1)
			h.want(fault.Dropped, fault.Suppressed, 1)
			h.wantSettled(2)
			h.end()
		})
	})
}
