package balance

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/pkg/topic"
)

// Fate is one end of an event on the topic outcomes. It may be there again after a crash.
type Fate struct {
	Fate           fault.Fate
	Reason         fault.Reason
	Detail         string
	Record         Position // of the event
	Arrived, Ended time.Time
}

// Position is where a record lies.
type Position struct {
	Topic     string
	Partition int
	Offset    int64
}

// lane names the partition without the topics' prefix.
func (p Position) lane(names topic.Names) string {
	return fmt.Sprintf("%s/%d", strings.TrimPrefix(p.Topic, names.Prefix), p.Partition)
}

// String is topic/partition@offset.
func (p Position) String() string { return fmt.Sprintf("%s/%d@%d", p.Topic, p.Partition, p.Offset) }

// Facts are how events ended, by event_id.
type Facts struct {
	Fates    map[string][]Fate
	Letters  map[string]int         // on the topic deadletters
	Received map[string][]time.Time // when the sandbox accepted it; nil: nobody knows, it was restarted
	Raw      map[string][]Position  // of its records on events.*
	Signals  map[string][]Position  // of its records on signals.*

	client *stream.Client
	names  topic.Names
	read   map[int]int64 // of outcomes: the last offset of each partition
	newest time.Time
}

// NewFacts returns what will be read by client from the topics of names.
func NewFacts(client *stream.Client, names topic.Names) *Facts {
	return &Facts{
		Fates: map[string][]Fate{}, Letters: map[string]int{}, Raw: map[string][]Position{}, Signals: map[string][]Position{},
		client: client, names: names, read: map[int]int64{},
	}
}

// overlap is how much older than the newest outcome one may be that is written after it: services wait for Kafka.
const overlap = 2 * time.Minute

// ReadFates reads what has come onto outcomes since the last call, and calls fn for each.
func (f *Facts) ReadFates(ctx context.Context, fn func(id string, fate Fate)) error {
	since := time.Time{}
	if !f.newest.IsZero() {
		since = f.newest.Add(-overlap)
	}
	return f.client.Scan(ctx, f.names.Outcomes(), since, func(r *stream.Record) error {
		if last, ok := f.read[r.Partition]; ok && r.Offset <= last {
			return nil
		}
		o, err := event.DecodeOutcome(r.Value)
		if err != nil {
			return err
		}
		f.read[r.Partition] = r.Offset
		if r.Time.After(f.newest) {
			f.newest = r.Time
		}
		for _, e := range o.Events {
			fate := Fate{
				Fate: e.Fate, Reason: e.Reason, Detail: e.Detail, Record: Position{e.Topic, e.Partition, e.Offset},
				Arrived: e.ArrivedAt, Ended: o.EndedAt,
			}
			f.Fates[e.ID] = append(f.Fates[e.ID], fate)
			fn(e.ID, fate)
		}
		return nil
	})
}

// ReadStored reads where the events lie on events.* and signals.*, which tells how far those came that have no fate, and which
// partitions stood still.
func (f *Facts) ReadStored(ctx context.Context, datasets []string) error {
	var raw event.Raw
	for _, channel := range topic.Channels {
		err := f.client.Scan(ctx, f.names.Events(channel), time.Time{}, func(r *stream.Record) error {
			if raw.Decode(r.Value) == nil { // what cannot be read is no sender's of ours
				f.Raw[string(raw.ID)] = append(f.Raw[string(raw.ID)], Position{r.Topic, r.Partition, r.Offset})
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	for _, d := range datasets {
		err := f.client.Scan(ctx, f.names.Signals(d), time.Time{}, func(r *stream.Record) error {
			f.Signals[string(r.Key)] = append(f.Signals[string(r.Key)], Position{r.Topic, r.Partition, r.Offset})
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// ReadLetters reads all dead letters.
func (f *Facts) ReadLetters(ctx context.Context) error {
	clear(f.Letters)
	return f.client.Scan(ctx, f.names.DeadLetters(), time.Time{}, func(r *stream.Record) error {
		f.Letters[string(r.Key)]++
		return nil
	})
}

// ReadReceived reads the answer of the sandbox's route /_sandbox/events.
func (f *Facts) ReadReceived(answer io.Reader) error {
	f.Received = map[string][]time.Time{}
	lines := bufio.NewReaderSize(answer, 1<<20)
	for {
		line, err := lines.ReadBytes('\n')
		if len(line) > 0 {
			var e struct {
				ReceivedAt time.Time `json:"received_at"`
				Event      struct {
					ID string `json:"event_id"`
				} `json:"event"`
			}
			if err := json.Unmarshal(line, &e); err != nil {
				return fmt.Errorf("reading what the sandbox received: %w", err)
			}
			f.Received[e.Event.ID] = append(f.Received[e.Event.ID], e.ReceivedAt)
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("reading what the sandbox received: %w", err)
		}
	}
}
