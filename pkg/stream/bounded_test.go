package stream

import (
	"context"
	"errors"
	"net"
	"os"
	"testing"
	"testing/synctest"
	"time"
)

// TestNothingWaitsForEver: reads and writes without a deadline end after silence, those with one at theirs, and a connection that
// was idle for longer is as good as before.
func TestNothingWaitsForEver(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		here, there := net.Pipe()
		defer there.Close()
		c, err := boundedDial(func(context.Context, string, string) (net.Conn, error) { return here, nil })(t.Context(), "tcp", "kafka:9092")
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		for name, step := range map[string]struct {
			set  func(time.Time) error
			do   func([]byte) (int, error)
			want time.Duration
			at   time.Duration // 0: no deadline
		}{
			"read":                {c.SetReadDeadline, c.Read, silence, 0},
			"write":               {c.SetWriteDeadline, c.Write, silence, 0},
			"read until":          {c.SetReadDeadline, c.Read, 30 * time.Second, 30 * time.Second},
			"write until":         {c.SetWriteDeadline, c.Write, time.Second, time.Second},
			"read, set for both":  {c.SetDeadline, c.Read, time.Minute, time.Minute},
			"write, set for both": {c.SetDeadline, c.Write, silence, 0},
		} {
			var deadline time.Time
			if step.at > 0 {
				deadline = time.Now().Add(step.at)
			}
			if err := step.set(deadline); err != nil {
				t.Fatal(err)
			}
			began := time.Now()
			if _, err := step.do(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) || time.Since(began) != step.want {
				t.Errorf("%s: %v after %s", name, err, time.Since(began))
			}
		}
		if err := c.SetDeadline(time.Time{}); err != nil {
			t.Fatal(err)
		}
		<-time.After(time.Hour)
		go func() { _, _ = there.Write([]byte("a")) }()
		if n, err := c.Read(make([]byte, 1)); n != 1 || err != nil {
			t.Errorf("after an idle hour: %d, %v", n, err)
		}
	})
}
