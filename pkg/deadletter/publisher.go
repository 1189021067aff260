// Package deadletter publishes dead letters that their topic may not hold. Whoever ends records uses it: a letter that cannot
// be written would stop its partition for good. It refuses to leave a letter out, and to shorten any other record.
package deadletter

import (
	"context"
	"errors"
	"log/slog"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/stream"
)

// Publisher publishes records, among them dead letters. A letter that is larger than the producer or the broker takes is
// published as `oversize`: without the record's value and, if need be, without its headers.
type Publisher struct {
	Next  stream.Publisher
	Topic string // of dead letters
	Log   *slog.Logger
}

// Publish implements stream.Publisher. A *stream.TooLargeError is about records that are no letters; all others, and all
// letters, are then on Kafka.
func (p Publisher) Publish(ctx context.Context, recs ...stream.Record) error {
	err := p.Next.Publish(ctx, recs...)
	var large *stream.TooLargeError
	if !errors.As(err, &large) {
		return err
	}
	var shorter []stream.Record
	var left []int
	for _, i := range large.Indexes {
		short, ok := stream.Record{}, recs[i].Topic == p.Topic
		if ok {
			short, ok = event.Shorten(&recs[i])
		}
		if !ok {
			left = append(left, i)
			continue
		}
		p.say(&recs[i])
		shorter = append(shorter, short)
	}
	if len(shorter) > 0 {
		if err := p.Publish(ctx, shorter...); errors.As(err, &large) {
			return errNoRoom // its indexes would be those of other records
		} else if err != nil {
			return err
		}
	}
	if len(left) == 0 {
		return nil
	}
	return &stream.TooLargeError{Topic: recs[left[0]].Topic, Index: left[0], Indexes: left}
}

var errNoRoom = errors.New("the topic of dead letters takes not even one without its record's value and headers")

// say logs where the record of a shortened letter lay.
func (p Publisher) say(letter *stream.Record) {
	var d event.DeadLetter
	if p.Log != nil && d.Decode(letter) == nil && !d.Shortened {
		p.Log.Warn("a dead letter is too large for its topic: it is written without the record's value",
			"topic", d.Topic, "partition", d.Partition, "offset", d.Offset, "reason", d.Reason, "bytes", len(letter.Value))
	}
}
