//go:build !unix

package network

import "math"

// Files is how many files and connections the process may have open: as many as there is memory for.
func Files() int { return math.MaxInt32 }
