//go:build !unix

package main

import (
	"os/exec"
	"time"
)

// together runs a command and returns what it wrote.
func together(cmd *exec.Cmd) ([]byte, error) {
	cmd.WaitDelay = 2 * time.Second // for what holds the output open
	return cmd.CombinedOutput()
}
