package event

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/record"
)

// Loss says that records were gone before a consumer group had consumed them. It lies on the outcomes topic, as an outcome without
// events beside which `lost` stands: nobody knows which events they were. One loss may lie there more than once, under one id.
type Loss struct {
	Stage     fault.Stage
	Dataset   string // of a topic of signals
	NoticedAt time.Time
	Lost
}

// Lost is the offsets that are gone: from From to before To.
type Lost struct {
	Group     string      `json:"group"`
	Topic     string      `json:"topic"`
	Partition int         `json:"partition"`
	From      int64       `json:"from"`
	To        int64       `json:"to"`
	Count     int64       `json:"count"`
	Cause     fault.Cause `json:"cause"`
}

// ID is the same for whoever notices the same loss.
func (l *Loss) ID() string {
	return fmt.Sprintf("lost-%s-%s-%d-%d-%d", l.Group, l.Topic, l.Partition, l.From, l.To)
}

// Record encodes a loss: the id as key, NoticedAt as timestamp.
func (l *Loss) Record(topic string) (record.Record, error) {
	lost, err := json.Marshal(l.Lost)
	if err != nil {
		return record.Record{}, fmt.Errorf("encoding a loss: %w", err)
	}
	o := Outcome{BatchID: l.ID(), Stage: l.Stage, Dataset: l.Dataset, StartedAt: l.NoticedAt, EndedAt: l.NoticedAt}
	value := append(append(append(o.appendHead(nil), `],"lost":`...), lost...), '}')
	return record.Record{Topic: topic, Key: []byte(o.BatchID), Value: value, Time: l.NoticedAt}, nil
}

// DecodeLoss reads a loss's record; nil: it is an outcome of events. The error is a *fault.Error (undecodable): its text quotes
// nothing of the value.
func DecodeLoss(value []byte) (*Loss, error) {
	var read struct {
		Outcome
		Lost *Lost `json:"lost"`
	}
	err := json.Unmarshal(value, &read)
	switch {
	case err != nil || read.BatchID == "":
		return nil, fault.New(fault.Undecodable, "outcome")
	case read.Lost == nil:
		return nil, nil //nolint:nilnil // said above
	case read.Lost.Topic == "" || read.Lost.Group == "" || read.Lost.From < 0 || read.Lost.To < read.Lost.From || read.Lost.Count < 0:
		return nil, fault.New(fault.Undecodable, "lost")
	}
	return &Loss{Stage: read.Stage, Dataset: read.Dataset, NoticedAt: read.EndedAt, Lost: *read.Lost}, nil
}
