package mapping

import (
	"time"

	"github.com/omnicapi/omnicapi/pkg/capi"
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
	"github.com/omnicapi/omnicapi/pkg/timestamp"
)

// ReadTime sets when the event happened by the first of a sender's times that can be read, best first: numbers and texts, as
// package timestamp reads them. Those without a zone are in zone; nil: UTC. One that cannot be read is dropped by name, and
// the next one counts; an empty one says nothing. Where none can be read, what an earlier call has read stays. See DefaultTime
// for one that is still to come.
func (o *Output) ReadTime(zone *time.Location, values ...[]byte) {
	for i, value := range values {
		if IsEmpty(value) {
			continue
		}
		if sec, ok := timestamp.Read(o.Text(value), zone); ok {
			o.Event.Time, o.Event.TimeSet = sec, true
			o.later = laterTimes{zone: zone}
			copy(o.later.values[:], values[i+1:])
			return
		}
		o.unread.time = true
		o.Drop(FieldEventTime, Malformed)
	}
}

// laterTimes are a sender's times behind the one that was read, which count if that one cannot be.
type laterTimes struct {
	zone   *time.Location
	values [2][]byte
}

// NeedReadTime is for senders that must say when it happened, or nothing, and are told so at the door: an event whose only
// times cannot be read is none. field names the time in the error.
func (o *Output) NeedReadTime(field string) error {
	if o.unread.time && !o.Event.TimeSet {
		return fault.New(fault.InvalidField, field)
	}
	return nil
}

// InstantOf is the time that a value says, for what is compared; ok is false if it cannot be read. See ReadTime for zone.
func (o *Output) InstantOf(zone *time.Location, value []byte) (at time.Time, ok bool) {
	if k := jsonscan.Kind(value); k != 's' && k != 'n' {
		return time.Time{}, false
	}
	ms, ok := timestamp.ReadMillis(o.Text(value), zone)
	return time.UnixMilli(ms), ok
}

// DefaultTime makes the time at which the request arrived the event's, if the event says none. A time that is still to come, by
// a clock that is wrong, is none where the sender says another that is not; alone it stays, and ends the event.
func (o *Output) DefaultTime(at time.Time) {
	switch {
	case at.IsZero():
	case !o.Event.TimeSet:
		o.Event.Time, o.Event.TimeSet = at.Unix(), true
	case o.Event.Time > latest(at):
		for _, value := range o.later.values {
			sec, ok := timestamp.Read(o.Text(value), o.later.zone)
			if ok && sec <= latest(at) {
				o.Event.Time = sec
				o.Drop(FieldEventTime, Malformed)
				return
			}
		}
	}
}

// latest is the latest time that an event which arrives at a time may have: clocks differ a little.
func latest(at time.Time) int64 { return at.Add(capi.MaxSkew).Unix() }

// SameSale is how long after a payment a further notification of its order is still mapped. Meta takes events with one
// event_id for one event within 48 hours; a later one would be counted as another sale.
const SameSale = 47 * time.Hour
