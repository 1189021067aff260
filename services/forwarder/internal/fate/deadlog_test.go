package fate

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/fault"
)

// TestDeadLog: the first of a reason is logged at once, those of the next minute together after it, by reason.
func TestDeadLog(t *testing.T) {
	var out bytes.Buffer
	log, l, t0 := slog.New(slog.NewTextHandler(&out, nil)), deadLog{}, time.Unix(1_800_000_000, 0)
	for _, c := range []struct {
		after  time.Duration
		reason fault.Reason
		n      int
		want   string
	}{
		{0, fault.Refused, 3, "reason=refused detail=d events=1\n"},
		{time.Second, fault.Refused, 4, ""},
		{2 * time.Second, fault.Expired, 1, "reason=expired detail=d events=1\n"},
		{deadLogEvery, fault.Refused, 1, "reason=refused detail=d events=7\n"}, // 2 + 4 + 1
		{deadLogEvery + time.Second, fault.Expired, 1, ""},
	} {
		r, _ := reportOf(append(make([]event.Ending, 2), repeat(dead(c.reason, "d"), c.n)...)...)
		l.add(log, r, t0.Add(c.after))
		_, got, _ := strings.Cut(out.String(), `msg="events are dead" `)
		if out.Reset(); got != c.want {
			t.Errorf("after %v: %q, want %q", c.after, got, c.want)
		}
	}
}

func repeat(e event.Ending, n int) []event.Ending {
	all := make([]event.Ending, n)
	for i := range all {
		all[i] = e
	}
	return all
}
