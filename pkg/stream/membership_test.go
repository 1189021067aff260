package stream

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// TestZombieIsNotAlive (F26): a member is alive for a session after it sent the last heartbeat that was answered well, and no longer.
func TestZombieIsNotAlive(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		m := &membership{sent: time.Now()}
		alive := WithAlive(ctx, m.alive)
		var refused atomic.Bool
		var took atomic.Int64 // time.Duration
		took.Store(1)
		go m.beat(ctx, func(ctx context.Context) error {
			select {
			case <-time.After(time.Duration(took.Load())):
				if refused.Load() {
					return errors.New("unknown member")
				}
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		})
		after := func(d time.Duration, want bool, what string) {
			t.Helper()
			<-time.After(d)
			synctest.Wait()
			if Alive(alive) != want {
				t.Errorf("%s: alive is %v", what, !want)
			}
		}
		after(time.Minute+heartbeat/2, true, "heartbeats are answered") // from here on never when one is sent
		refused.Store(true)
		after(session-heartbeat, true, "less than a session later")
		after(heartbeat, false, "a session later")
		refused.Store(false)
		after(heartbeat, true, "answered again")
		took.Store(int64(session)) // an answer that comes so late is none
		after(session, false, "heartbeats hang")
		took.Store(int64(session/2 - 1))
		after(session, true, "heartbeats are slow")
		stop()
	})
	if !Alive(t.Context()) {
		t.Error("a context of no generation is not alive")
	}
}

// TestClockThatJumps (F47): the machine slept, and the monotonic clock with it; or the wall clock is set back.
func TestClockThatJumps(t *testing.T) {
	slept := &membership{sent: time.Now().Round(0).Add(-session)}
	if slept.alive() {
		t.Error("alive after a sleep of a session")
	}
	back := &membership{sent: time.Now().Round(0).Add(time.Hour)}
	if !back.alive() {
		t.Error("a clock that is set back ends a membership")
	}
}
