package mapping

import (
	"time"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// localLayouts are how senders write times without a zone.
var localLayouts = []string{"2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02T15:04", "2006-01-02 15:04"}

// ReadLocalTime is ReadTime for senders whose times may have no zone: those are in the source's. field names the time in the
// error.
func (o *Output) ReadLocalTime(zone *time.Location, field string, value []byte) error {
	if o.ReadTime(value) == nil {
		return nil
	}
	if zone == nil {
		zone = time.UTC
	}
	t := string(Trim(o.Text(value)))
	for _, layout := range localLayouts {
		if at, err := time.ParseInLocation(layout, t, zone); err == nil {
			o.Event.Time, o.Event.TimeSet = at.Unix(), true
			return nil
		}
	}
	return fault.New(fault.InvalidField, field)
}

// ReadTime sets when the event happened: Unix seconds, milliseconds or microseconds, which their size tells apart, as a
// number or a text; or RFC 3339, also with a blank for T or no colon in the zone. null and "" are no time; anything else that
// cannot be read is an error.
func (o *Output) ReadTime(value []byte) error {
	t := Trim(o.Text(value))
	if len(t) == 0 {
		if IsEmpty(value) {
			return nil
		}
		return fault.New(fault.InvalidField, "event_time")
	}
	sec, ok := unixSeconds(t)
	if !ok && jsonscan.Kind(value) == 's' {
		sec, ok = zonedTime(string(t))
	}
	if !ok {
		return fault.New(fault.InvalidField, "event_time")
	}
	o.Event.Time, o.Event.TimeSet = sec, true
	return nil
}

// zonedLayouts are RFC 3339, as Graph and PHP write it, and as databases do.
var zonedLayouts = [...]string{time.RFC3339, "2006-01-02T15:04:05Z0700", "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05Z0700"}

func zonedTime(text string) (sec int64, ok bool) {
	for _, layout := range zonedLayouts {
		if at, err := time.Parse(layout, text); err == nil {
			return at.Unix(), true
		}
	}
	return 0, false
}

// unixSeconds reads digits with an optional fraction, which is cut off.
func unixSeconds(t []byte) (int64, bool) {
	n := Digits(t)
	if n == 0 || n > 18 {
		return 0, false
	}
	if rest := t[n:]; len(rest) > 0 && (rest[0] != '.' || Digits(rest[1:]) != len(rest)-1) {
		return 0, false
	}
	var v int64
	for _, c := range t[:n] {
		v = v*10 + int64(c-'0')
	}
	return toSeconds(v), true
}

// toSeconds tells the unit by size: seconds stay below 10^11 until the year 5138, milliseconds lie above it from 1973 on.
func toSeconds(v int64) int64 {
	const seconds, millis, micros = 100_000_000_000, 100_000_000_000_000, 100_000_000_000_000_000
	switch {
	case v < seconds:
		return v
	case v < millis:
		return v / 1000
	case v < micros:
		return v / 1_000_000
	default:
		return v / 1_000_000_000
	}
}

// DefaultTime makes the time at which the request arrived the event's, if the event says none.
func (o *Output) DefaultTime(at time.Time) {
	if o.Event.TimeSet || at.IsZero() {
		return
	}
	o.Event.Time, o.Event.TimeSet = at.Unix(), true
}

// SameSale is how long after a payment a further notification of its order is still mapped. Meta takes events with one
// event_id for one event within 48 hours; a later one would be counted as another sale.
const SameSale = 47 * time.Hour
