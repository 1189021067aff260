package kafkatest

import (
	"net"
	"os"
	"strconv"
	"sync/atomic"
	"syscall"
	"testing"
)

// ports are those that Port has given.
var ports atomic.Int32

// Port finds a free port for a server that is closed and started again at its address: below the range from which systems take the
// ports of connections and of listeners that ask for any, so that nobody takes it meanwhile.
func Port(tb testing.TB) int {
	tb.Helper()
	const first, last = 10000, 24000 // Apache Kafka's tests take higher ones
	ports.CompareAndSwap(0, int32(first+os.Getpid()*37%(last-first)))
	for range 1000 {
		if port := first + int(ports.Add(1))%(last-first); IsFree(port) {
			return port
		}
	}
	tb.Fatal("no port is free")
	return 0
}

// IsFree listens at a port of 127.0.0.1, and stops. No process is started meanwhile: a child has its parent's listeners until it runs its own program, and
// the address would be in use for as long.
func IsFree(port int) bool {
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	return err == nil && l.Close() == nil
}
