package pipeline

import (
	"context"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/stream"
)

// recovered turns a panic into the end of its record, so that the process goes on. It keeps neither the panic's value
// nor a stack with values, since both may hold personal data.
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
