//go:build unix

package main

import "syscall"

// closeFiles makes what this process writes from now on its user's alone: the embedded broker's records hold personal data in clear.
func closeFiles() { syscall.Umask(0o077) }
