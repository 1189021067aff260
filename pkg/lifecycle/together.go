package lifecycle

import (
	"context"

	"golang.org/x/sync/errgroup"
)

// Together makes one part of several functions: they run side by side and stop at the same time, while separate parts
// stop one after the other. The first that fails or returns unasked ends them all. Without any function the part runs
// until the stop.
func Together(runs ...func(context.Context) error) func(context.Context) error {
	return func(ctx context.Context) error {
		g, ctx := errgroup.WithContext(ctx)
		for _, run := range runs {
			g.Go(func() error {
				err := run(ctx)
				if err == nil && ctx.Err() == nil {
					return errEarly
				}
				return err
			})
		}
		<-ctx.Done()
		return g.Wait()
	}
}
