package accept

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/pkg/stream"
)

// TestClockSetBack (F47): what Kafka took and did not take is told apart by the monotonic clock. By the time of day a success before
// the clock was set back would outlast the failures of the next hour, and ingest say that it is ready.
func TestClockSetBack(t *testing.T) {
	var broken error
	a := New(publisher(func(context.Context, []stream.Record) error { return broken }), time.Second, slog.New(slog.DiscardHandler))
	for _, broken = range []error{nil, errors.New("no leader")} {
		_ = a.Accept(t.Context(), website, facts(), items("x"), &Work{}) // the second fails
	}
	for which, at := range map[string]time.Time{"good": a.LastGood(), "bad": a.LastBad()} {
		if !strings.Contains(at.String(), "m=") {
			t.Errorf("%s: %s has no monotonic reading", which, at)
		}
	}
}
