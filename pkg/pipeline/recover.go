package pipeline

import (
	"context"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/stream"
)

// recovered makes a panic the end of its record, not of the process. Neither the value nor a stack with values is kept:
// both may hold personal data.
func recovered(next Handler) Handler {
	return func(ctx context.Context, r *stream.Record) (err error) {
		defer func() {
			if recover() != nil {
				err = fault.New(fault.Panic, "")
			}
		}()
		return next(ctx, r)
	}
}
