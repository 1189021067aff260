package app

import (
	"bytes"
	"fmt"
	"log/slog"
	"time"

	"github.com/omnicapi/omnicapi/pkg/config"
	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/pkg/topic"
	"github.com/omnicapi/omnicapi/services/normalizer/internal/handle"
)

// Explained is what the normalizer makes of one raw event.
type Explained struct {
	ID      string       // event_id; "" if the record cannot be read
	End     *fault.Error // why it becomes no event of Meta's; nil: it does
	Dropped []string     // the values it lost, as "field reason"
	Event   []byte       // Meta's server event as JSON, its personal data hashed; nil: there is none

	Revealed []Revealed // what was hashed, in clear; only if asked for
}

// Revealed is a person's value in clear, beside its hash.
type Revealed struct {
	Field string `json:"field"` // em
	Value string `json:"value"` // normalized
	Hash  string `json:"hash"`
}

// Explain takes raw events through the normalizer's steps as if the time were now. It publishes nothing. With reveal it tells
// what was hashed.
func Explain(cfg *config.Config, recs []stream.Record, now time.Time, reveal bool) ([]Explained, error) {
	sources, err := handle.NewSources(cfg, topic.Names{Prefix: cfg.Kafka.Prefix})
	if err != nil {
		return nil, fmt.Errorf("preparing the sources: %w", err)
	}
	h := handle.New(sources, func() time.Time { return now }, slog.New(slog.DiscardHandler))
	s := handle.NewScratch()
	all := make([]Explained, 0, len(recs))
	for i := range recs {
		s.Begin()
		one := Explained{ID: idOf(&recs[i])}
		if one.End = h.Handle(&recs[i], s); one.End == nil {
			one.Event = bytes.Clone(s.Signal.Value)
			if reveal {
				one.Revealed = revealed(h.Reveal(s))
			}
		}
		one.Dropped = s.DroppedValues()
		all = append(all, one)
	}
	return all, nil
}

func revealed(values []handle.Revealed) []Revealed {
	all := make([]Revealed, len(values))
	for i, v := range values {
		all[i] = Revealed{Field: v.Key.String(), Value: v.Clear, Hash: v.Hash}
	}
	return all
}

func idOf(rec *stream.Record) string {
	var raw event.Raw
	if err := raw.Decode(rec.Value); err != nil {
		return ""
	}
	return string(raw.ID)
}
