//go:build !unix

package spool

// readOnly says that a disk takes no writes at all.
func readOnly(error) bool { return false }
