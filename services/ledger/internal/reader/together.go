package reader

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/omnicapi/omnicapi/services/ledger/internal/index"
)

// Together returns a part that runs the readers of one index until ctx ends. Where a topic lost its end, the index is emptied, and all read again.
func Together(store index.Store, readers ...*Reader) func(context.Context) error {
	return func(ctx context.Context) error {
		for {
			group, running := errgroup.WithContext(ctx)
			for _, r := range readers {
				group.Go(func() error { return r.Run(running) })
			}
			err := group.Wait()
			if !errors.Is(err, ErrTruncated) {
				return err
			}
			if err := store.Rebuild(); err != nil {
				return fmt.Errorf("building the index anew: %w", err)
			}
		}
	}
}

// sweep is how often what is too old is removed.
const sweep = time.Hour

// Expire returns a part that removes what is older than retention, until ctx ends.
func Expire(store index.Store, retention time.Duration, log *slog.Logger) func(context.Context) error {
	return func(ctx context.Context) error {
		tick := time.NewTicker(sweep)
		defer tick.Stop()
		for {
			if err := store.Expire(time.Now().Add(-retention)); err != nil {
				log.Warn("what is too old is kept for now", "error", err)
			}
			select {
			case <-ctx.Done():
				return nil
			case <-tick.C:
			}
		}
	}
}
