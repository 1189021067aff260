package e2e

import (
	"fmt"
	"io"
	"time"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/stream"
)

// scanOutcomes calls fn for every fate on the outcomes topic.
func (s *stack) scanOutcomes(fn func(id string, f fate)) {
	s.t.Helper()
	err := s.stream.Scan(s.t.Context(), s.names.Outcomes(), time.Time{}, func(r *stream.Record) error {
		o, err := event.DecodeOutcome(r.Value)
		if err != nil {
			return err
		}
		for _, e := range o.Events {
			fn(e.ID, fate{string(e.Fate), string(e.Reason), e.Detail, o.FBTraceID, string(e.Trust)})
		}
		return nil
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

// deadLetter is a dead letter with the parts of its record that the tests check.
type deadLetter struct {
	event.DeadLetter
	ID      string
	Headers map[string]string
	Value   string
}

func (s *stack) deadLetters() []deadLetter {
	s.t.Helper()
	var letters []deadLetter
	err := s.stream.Scan(s.t.Context(), s.names.DeadLetters(), time.Time{}, func(r *stream.Record) error {
		l := deadLetter{ID: string(r.Key), Value: string(r.Value), Headers: map[string]string{}}
		if err := l.Decode(r); err != nil {
			return err
		}
		for _, h := range r.Headers {
			l.Headers[h.Key] = string(h.Value)
		}
		letters = append(letters, l)
		return nil
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return letters
}

// scanHeaders writes every record key and header of every topic of the stack to w.
func (s *stack) scanHeaders(w io.Writer) {
	s.t.Helper()
	for _, spec := range s.names.Specs([]string{"shop", "other"}, 0, 0) {
		err := s.stream.Scan(s.t.Context(), spec.Name, time.Time{}, func(r *stream.Record) error {
			fmt.Fprintf(w, "%s %s\n", spec.Name, r.Key)
			for _, h := range r.Headers {
				fmt.Fprintf(w, "%s: %s\n", h.Key, h.Value)
			}
			return nil
		})
		if err != nil {
			s.t.Fatal(err)
		}
	}
}
