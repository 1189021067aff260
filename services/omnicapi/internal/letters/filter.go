package letters

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/topic"
)

// Filter chooses letters; empty fields choose all.
type Filter struct {
	Stage   string // normalizer, forwarder, or the name of somebody's own consumer
	Reason  string
	Channel string
	Dataset string
	EventID string
	Since   time.Time // by failed_at
	Until   time.Time
}

// Check returns an error for a filter that can match no letter; its text says what to type instead.
func (f Filter) Check() error {
	if f.Reason != "" && !slices.Contains(fault.DeadReasons, fault.Reason(f.Reason)) {
		names := make([]string, len(fault.DeadReasons))
		for i, r := range fault.DeadReasons {
			names[i] = string(r)
		}
		return fmt.Errorf("no event dies of the reason %q: type one of %s", f.Reason, strings.Join(names, ", "))
	}
	if f.Channel != "" && !topic.IsChannel(f.Channel) {
		return fmt.Errorf("no channel %q: type one of %s", f.Channel, strings.Join(topic.Channels, ", "))
	}
	if !f.Since.IsZero() && !f.Until.IsZero() && !f.Since.Before(f.Until) {
		return errors.New("--since is not before --until")
	}
	return nil
}

// Any says whether any field of the filter is set.
func (f Filter) Any() bool { return f != Filter{} }

func (f Filter) takes(l *Letter) bool {
	return (f.Stage == "" || l.Stage == f.Stage) &&
		(f.Reason == "" || l.Reason == f.Reason) &&
		(f.Channel == "" || l.Channel == f.Channel) &&
		(f.Dataset == "" || l.Dataset == f.Dataset) &&
		(f.EventID == "" || l.EventID == f.EventID) &&
		(f.Since.IsZero() || !l.FailedAt.Before(f.Since)) &&
		(f.Until.IsZero() || l.FailedAt.Before(f.Until))
}

// ParseTime reads a point in time: 2026-11-25, 2026-11-25T14:00:00Z, or how long ago, like 24h or 7d.
func ParseTime(text string, now time.Time) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04", "2006-01-02 15:04", time.DateOnly} {
		if t, err := time.ParseInLocation(layout, text, now.Location()); err == nil {
			return t, nil
		}
	}
	ago := text
	var days int
	if n, err := fmt.Sscanf(text, "%dd", &days); err == nil && n == 1 && text == fmt.Sprintf("%dd", days) {
		ago = fmt.Sprintf("%dh", 24*days)
	}
	if d, err := time.ParseDuration(ago); err == nil && d >= 0 {
		return now.Add(-d), nil
	}
	return time.Time{}, fmt.Errorf("%q is no time: type 2026-11-25, 2026-11-25T14:00:00Z, or how long ago, like 24h or 7d", text)
}
