// Package letters lists, exports and replays dead letters. The commands `deadletters …` use it. It refuses to show a person's
// data unless it is asked to, and to lose a letter: a letter leaves the list only by its replay.
package letters

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/pkg/timestamp"
	"github.com/omnicapi/omnicapi/pkg/topic"
)

// Letter is one dead letter as the list shows it. Topic, Partition and Offset are the position of the record that failed.
type Letter struct {
	EventID   string     `json:"event_id"`
	EventName string     `json:"event_name"`
	EventTime *time.Time `json:"event_time"`
	Channel   string     `json:"channel"`
	Source    string     `json:"source"`
	Trust     string     `json:"trust"` // proven or unproven; "": the record cannot be read
	Dataset   string     `json:"dataset"`
	Stage     string     `json:"stage"`
	Reason    string     `json:"reason"`
	Detail    string     `json:"detail"`
	Code      int        `json:"code"`
	Subcode   int        `json:"subcode"`
	FBTraceID string     `json:"fbtrace_id"`
	Attempts  int        `json:"attempts"`
	Replays   int        `json:"replays"`
	FailedAt  time.Time  `json:"failed_at"`
	Topic     string     `json:"topic"`
	Partition int        `json:"partition"`
	Offset    int64      `json:"offset"`

	death  event.DeadLetter
	record stream.Record // the letter itself
	copies []place       // where else it lies: a crash may write it twice
}

// place is the position of a record on the dead letter topic.
type place struct {
	partition int
	offset    int64
}

// Position is where the letter lies on its topic.
func (l *Letter) Position() event.LetterPosition {
	return event.LetterPosition{Partition: l.copies[0].partition, Offset: l.copies[0].offset}
}

// Value is the record's value as it was when it failed: personal data.
func (l *Letter) Value() []byte { return l.record.Value }

// Headers are the letter's headers by name, in their order.
func (l *Letter) Headers() []stream.Header { return l.record.Headers }

// read makes a Letter of a record of the dead letter topic; datasetOf names the dataset of a source's events.
func read(r *stream.Record, names topic.Names, datasetOf func(source string) string) (*Letter, error) {
	l := &Letter{record: keep(r)}
	if err := l.death.Decode(&l.record); err != nil {
		return nil, err
	}
	d := &l.death
	l.EventID, l.Stage, l.Reason, l.Detail = string(r.Key), string(d.Stage), string(d.Reason), d.Detail
	l.FBTraceID, l.Attempts, l.Replays, l.FailedAt = d.FBTraceID, d.Attempts, d.Replays, d.FailedAt
	l.Topic, l.Partition, l.Offset = d.Topic, d.Partition, d.Offset
	l.Code, l.Subcode = codes(d.Detail)
	l.copies = []place{{r.Partition, r.Offset}}
	if dataset := names.Dataset(d.Topic); dataset != "" {
		l.Dataset = dataset
		l.fromSignal()
	} else {
		l.fromRaw(names.Channel(d.Topic), datasetOf)
	}
	return l, nil
}

func (l *Letter) fromSignal() {
	channel, source, _ := event.SplitSource(l.record.Header("ce_source"))
	l.Channel, l.Source, l.Trust = string(channel), string(source), string(event.SignalTrust(&l.record))
	l.EventName = string(l.record.Header("ce_eventname"))
	if n, err := strconv.ParseInt(string(l.record.Header("ce_eventtime")), 10, 64); err == nil {
		l.at(n)
	}
}

func (l *Letter) at(unix int64) {
	t := time.Unix(unix, 0).UTC()
	l.EventTime = &t
}

// fromRaw fills the letter from a raw event. It knows the event's name and time only where the item has Meta's own members
// event_name and event_time; other formats name them differently.
func (l *Letter) fromRaw(channel string, datasetOf func(string) string) {
	l.Channel = channel
	var raw event.Raw
	if raw.Decode(l.record.Value) != nil {
		return
	}
	l.Channel, l.Source, l.Trust = string(raw.Channel), string(raw.Source), string(raw.Trust)
	l.Dataset = datasetOf(l.Source)
	var item struct {
		Name json.RawMessage `json:"event_name"`
		Time json.RawMessage `json:"event_time"`
	}
	if json.Unmarshal(raw.Item, &item) != nil {
		return
	}
	if json.Unmarshal(item.Name, &l.EventName) != nil {
		l.EventName = ""
	}
	if n, ok := timestamp.Read(bytes.Trim(item.Time, `"`), nil); ok {
		l.at(n)
	}
}

// codes reads Meta's code and subcode out of a detail like 100/2804003.
func codes(detail string) (code, subcode int) {
	first, second, ok := strings.Cut(detail, "/")
	code, err := strconv.Atoi(first)
	if err != nil || !ok {
		return 0, 0
	}
	if subcode, err = strconv.Atoi(second); err != nil {
		return 0, 0
	}
	return code, subcode
}

// keep copies a record, for a scanned record is valid only until the scan's callback returns.
func keep(r *stream.Record) stream.Record {
	out := *r
	out.Key = append([]byte(nil), r.Key...)
	out.Value = append([]byte(nil), r.Value...)
	out.Headers = make([]stream.Header, len(r.Headers))
	for i, h := range r.Headers {
		out.Headers[i] = stream.Header{Key: h.Key, Value: append([]byte(nil), h.Value...)}
	}
	return out
}
