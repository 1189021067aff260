// Package leaktest is what a TestMain calls to fail on goroutines that are left when all tests have ended. It is patient: on a busy
// machine those of closed connections end seconds later, and a leak is there as long as one looks. Only tests import it.
package leaktest

import (
	"fmt"
	"os"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// patience is how long goroutines may take to end: far more than they need.
const patience = 20 * time.Second

// Main is all that a TestMain needs: func TestMain(m *testing.M) { leaktest.Main(m) }.
func Main(m *testing.M, allowed ...goleak.Option) {
	code := m.Run()
	if code == 0 {
		if err := Find(allowed...); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
	}
	os.Exit(code) //nolint:revive // deep-exit: this is a test binary's main
}

// Find returns an error that names the goroutines that do not end.
func Find(allowed ...goleak.Option) error {
	for end := time.Now().Add(patience); ; {
		err := goleak.Find(allowed...) // waits half a second by itself
		if err == nil || time.Now().After(end) {
			return err //nolint:wrapcheck // it is said as it is
		}
	}
}
