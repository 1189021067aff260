package lane

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/omnicapi/omnicapi/pkg/capi"
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/stream"
)

// TestZombiePostsNothing (F26): a process that was stopped for longer than a session holds a full window and is in no group any
// more. It posts none of it, nor a retry; when the generation ends it stops at once. A heartbeat that is late is no end:
// once it is answered, the lane goes on by itself.
func TestZombiePostsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := start(t, config())
		h.end()
		var alive atomic.Bool
		alive.Store(true)
		ctx, stop := context.WithCancel(stream.WithAlive(t.Context(), alive.Load))
		h.in, h.done = make(chan Chunk), make(chan struct{})
		go func() {
			defer close(h.done)
			h.lane.Work(ctx, context.Background(), h.in)
		}()
		h.meta.set(func([]string) Answer { return failed(capi.Transient, 503, 2, 0) })
		h.feed(0, signals(0, 4500)...)
		wait(time.Minute)
		posts := h.meta.count()
		if posts == 0 {
			t.Fatal("nothing is posted before")
		}
		alive.Store(false)
		h.meta.set(func([]string) Answer { return ok() })
		wait(10 * time.Minute)
		if n := h.meta.count(); n > posts {
			t.Errorf("%d posts of a zombie", n-posts)
		}
		h.wantSettled(0)

		alive.Store(true)
		wait(longestPause)
		h.want(fault.Delivered, fault.None, 4500)
		h.wantSettled(4500)

		alive.Store(false)
		h.feed(0, signals(4500, 100)...)
		wait(10 * time.Second)
		began := time.Now()
		stop()
		<-h.done
		if d := time.Since(began); d != 0 {
			t.Errorf("a zombie stops after %v", d)
		}
		h.wantSettled(4500)
	})
}
