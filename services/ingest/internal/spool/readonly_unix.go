//go:build unix

package spool

import (
	"errors"
	"syscall"
)

// readOnly says that a disk takes no writes at all.
func readOnly(err error) bool { return errors.Is(err, syscall.EROFS) }
