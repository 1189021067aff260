package lane

import (
	"context"

	"github.com/omnicapi/omnicapi/pkg/capi"
	"github.com/omnicapi/omnicapi/services/forwarder/internal/batch"
)

// Poster makes one POST. It never retries and never fails: whatever happens is an Answer, a broken connection too.
type Poster interface {
	Post(ctx context.Context, r *batch.Request) Answer
}

// Answer is what became of a POST.
type Answer struct {
	capi.Answer
	Cause   string  // why there was no answer, a word of a closed list: timeout, dns, refused, reset, …
	Usage   float64 // the highest usage figure, 1 is the limit; negative: there was none
	Aborted bool    // the context ended first: nothing is known of the events, and nothing is to be done
}

// facts are what may be logged of an answer: codes and words of closed lists.
func (a *Answer) facts() []any {
	facts := []any{"class", string(a.Class), "status", a.Status}
	if a.Cause != "" {
		facts = append(facts, "cause", a.Cause)
	}
	if d := a.Detail(); d != "" {
		facts = append(facts, "code", d)
	}
	if a.FBTraceID != "" {
		facts = append(facts, "fbtrace_id", a.FBTraceID)
	}
	return facts
}
