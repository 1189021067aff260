//go:build !crashpoints || !unix

package crashpoint

import "context"

// Reach does nothing: this build has no crash points.
func Reach(Point) {}

// WhenWritten returns ctx.
func WhenWritten(ctx context.Context, _ Point) context.Context { return ctx }
