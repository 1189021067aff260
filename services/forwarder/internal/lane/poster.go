package lane

import (
	"context"

	"github.com/omnicapi/omnicapi/pkg/capi"
	"github.com/omnicapi/omnicapi/services/forwarder/internal/batch"
)

// Poster makes one POST. It never retries and never fails: every end is an Answer, a broken connection too.
type Poster interface {
	Post(ctx context.Context, r *batch.Request) Answer
}

// Answer is what came back.
type Answer struct {
	capi.Answer
	Cause   string  // of a missing answer, a word of a closed list: timeout, dns, refused, reset, …
	Usage   float64 // the highest usage figure, 1: the limit; negative: no figure
	Aborted bool    // the context ended it: nothing is known, nothing is to be done
}
