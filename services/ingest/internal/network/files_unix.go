//go:build unix

package network

import (
	"math"
	"syscall"
)

// Files is how many files and connections the process may have open; Go has raised the soft limit to the hard one.
func Files() int {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil || limit.Cur > math.MaxInt32 {
		return math.MaxInt32
	}
	return int(limit.Cur)
}
