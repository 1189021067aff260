package mapping

import (
	"time"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// localLayouts are times without a zone.
var localLayouts = []string{"2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02T15:04", "2006-01-02 15:04"}

// LocalTime is eventTime for senders whose times may have no zone: then they are in the source's.
func (o *Output) LocalTime(zone *time.Location, field string, value []byte) error {
	if o.EventTime(value) == nil {
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

// EventTime reads event_time into the event: Unix seconds as a number or a numeric text, milliseconds and microseconds
// told by their size, or RFC 3339, also with a blank for T or no
// colon in the zone. null and "" are no time; anything else that cannot be read ends the event.
func (o *Output) EventTime(value []byte) error {
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

// Arrival takes the time of the request for a format whose events need not say when they were.
func (o *Output) Arrival(at time.Time) {
	if o.Event.TimeSet || at.IsZero() {
		return
	}
	o.Event.Time, o.Event.TimeSet = at.Unix(), true
}

// SoldOnce is how long after a payment the updates of its order still make the event: within Meta's 48 hours the event_id
// makes one of them all, later ones would be counted again.
const SoldOnce = 47 * time.Hour
