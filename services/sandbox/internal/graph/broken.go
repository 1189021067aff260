package graph

import (
	"context"
	"net/http"
	"time"

	"github.com/omnicapi/omnicapi/pkg/backoff"
)

// broken writes an answer as a bad network does: slowly, or half of it.
type broken struct {
	http.ResponseWriter
	ctx  context.Context //nolint:containedctx // the request's: a writer of its answer lives no longer
	drip time.Duration   // before each byte
	cut  bool            // behind half of them the connection ends
}

func (b *broken) Write(p []byte) (int, error) {
	whole := p
	if b.cut {
		p = p[:len(p)/2]
	}
	if err := b.write(p); err != nil {
		return 0, err
	}
	if b.cut {
		panic(http.ErrAbortHandler) // which closes the connection
	}
	return len(whole), nil
}

func (b *broken) write(p []byte) error {
	out := http.NewResponseController(b.ResponseWriter)
	if b.drip == 0 {
		if _, err := b.ResponseWriter.Write(p); err != nil {
			return err
		}
		return out.Flush()
	}
	for i := range p {
		if !backoff.Wait(b.ctx, b.drip) {
			return b.ctx.Err()
		}
		if _, err := b.ResponseWriter.Write(p[i : i+1]); err != nil {
			return err
		}
		if err := out.Flush(); err != nil {
			return err
		}
	}
	return nil
}

// Unwrap is for http.ResponseController.
func (b *broken) Unwrap() http.ResponseWriter { return b.ResponseWriter }
