//go:build crashpoints && unix

package crashpoint

import (
	"context"
	"fmt"
	"net/http/httptrace"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
)

// env is POINT:TIMES:SIGNAL.
const env = "CRASHPOINT"

// plan is where and how this process ends.
type plan struct {
	point   Point
	times   int64 // the how manieth time counts
	signal  syscall.Signal
	reached atomic.Int64
}

// armed is this process's; nil: it ends nowhere.
var armed = planOf(os.Getenv(env))

var signals = map[string]syscall.Signal{"KILL": syscall.SIGKILL, "TERM": syscall.SIGTERM, "STOP": syscall.SIGSTOP}

// planOf reads the variable; a wrong one is a test's mistake, and would let it show nothing.
func planOf(text string) *plan {
	if text == "" {
		return nil
	}
	parts := strings.Split(text, ":")
	if len(parts) != 3 {
		panic(env + " is POINT:TIMES:SIGNAL")
	}
	p := &plan{point: Point(parts[0]), signal: signals[parts[2]]}
	p.times, _ = strconv.ParseInt(parts[1], 10, 64)
	if !slices.Contains(Points, p.point) || p.times < 1 || p.signal == 0 {
		panic(fmt.Sprintf("%s: there is no %s; signals are KILL, TERM and STOP", env, text))
	}
	return p
}

// Reach sends this process its signal if the point is the chosen one, and the time too. What is killed goes no further.
func Reach(p Point) {
	if armed == nil || armed.point != p || armed.reached.Add(1) != armed.times {
		return
	}
	fmt.Fprintf(os.Stderr, "crash point %s reached: %s\n", p, armed.signal)
	if err := syscall.Kill(syscall.Getpid(), armed.signal); err != nil {
		panic(err)
	}
	if armed.signal == syscall.SIGKILL {
		select {}
	}
}

// WhenWritten returns a context whose HTTP request reaches the point when it has been written.
func WhenWritten(ctx context.Context, p Point) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{WroteRequest: func(httptrace.WroteRequestInfo) { Reach(p) }})
}
