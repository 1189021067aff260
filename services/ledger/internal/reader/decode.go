package reader

import (
	"bytes"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/services/ledger/internal/index"
)

// lossMark stands in the value of a loss.
var lossMark = []byte(`"lost":`)

// decode reads a record; not ok: nothing of it but its place. Of a dead letter it looks at the headers and the key alone: its value is an event.
func decode(topic index.Topic, rec *stream.Record) (r index.Record, ok bool) {
	r.Place = index.Place{Topic: topic, Partition: rec.Partition, Offset: rec.Offset, Time: rec.Time}
	if topic == index.Letters {
		l := &index.Letter{EventID: string(rec.Key), Place: r.Place}
		if l.Decode(rec) != nil {
			return r, false
		}
		r.Letter = l
		return r, true
	}
	if bytes.Contains(rec.Value, lossMark) {
		if l, err := event.DecodeLoss(rec.Value); err == nil && l != nil {
			r.Loss = l
			return r, true
		}
	}
	o, err := event.DecodeOutcome(rec.Value)
	if err != nil {
		return r, false
	}
	r.Outcome = o
	return r, true
}
