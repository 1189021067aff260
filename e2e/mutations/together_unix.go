//go:build unix

package main

import (
	"os/exec"
	"syscall"
	"time"
)

// together runs a command with all that it starts, and returns what they wrote. None of them outlives it: a test that is broken,
// or stopped, leaves the services behind that it started.
func together(cmd *exec.Cmd) ([]byte, error) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	kill := func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.Cancel = kill
	cmd.WaitDelay = 2 * time.Second // for what holds the output open
	out, err := cmd.CombinedOutput()
	if cmd.Process != nil {
		_ = kill() // mostly there is nobody left
	}
	return out, err
}
