package event

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/record"
)

// Phase is which of an operation's two records one is.
type Phase string

// The phases: Began is written before anything is done, Ended after it. One without Ended was cut off.
const (
	Began Phase = "began"
	Ended Phase = "ended"
)

// Result is how an operation ended.
type Result string

// The results.
const (
	Done    Result = "done"
	Failed  Result = "failed"
	Stopped Result = "stopped" // whoever began it, or the system, asked it to end
)

// Operation is what an operator did to events, or saw of persons: a record of the topic audit. It has no personal data of the events'
// persons: an event id, which its sender chose, is not in it; the positions of the letters are, which say nothing once those are gone.
type Operation struct {
	ID       string            `json:"operation_id"`
	Phase    Phase             `json:"phase"`
	At       time.Time         `json:"at"`
	Command  string            `json:"command"` // like deadletters replay
	User     string            `json:"user"`    // of the system where it was typed, as that system says
	UID      string            `json:"uid"`
	SudoUser string            `json:"sudo_user,omitempty"` // who became User by sudo
	Host     string            `json:"host"`
	Version  string            `json:"version"`
	Options  []string          `json:"options"`          // like again, reveal
	Filter   map[string]string `json:"filter"`           // flag and value; the value of event-id is given
	Letters  int               `json:"letters"`          // that it was to work on
	First    []LetterPosition  `json:"first"`            // the first of them
	Worked   int               `json:"worked,omitempty"` // letters that it did work on; of an ended one
	Result   Result            `json:"result,omitempty"` // of an ended one
}

// LetterPosition is where a letter lies on the topic deadletters.
type LetterPosition struct {
	Partition int   `json:"partition"`
	Offset    int64 `json:"offset"`
}

// Record encodes an operation: its id as key, At as timestamp.
func (o *Operation) Record(topic string) (record.Record, error) {
	shown := *o
	shown.At = o.At.UTC().Truncate(time.Millisecond)
	if shown.Options == nil {
		shown.Options = []string{}
	}
	if shown.Filter == nil {
		shown.Filter = map[string]string{}
	}
	if shown.First == nil {
		shown.First = []LetterPosition{}
	}
	value, err := json.Marshal(shown)
	if err != nil {
		return record.Record{}, fmt.Errorf("encoding an operation: %w", err)
	}
	return record.Record{Topic: topic, Key: []byte(o.ID), Value: value, Time: o.At}, nil
}

// DecodeOperation reads an operation's record. The error is a *fault.Error (undecodable): its text quotes nothing of the value.
func DecodeOperation(value []byte) (*Operation, error) {
	o := new(Operation)
	if err := json.Unmarshal(value, o); err != nil || o.ID == "" || o.Phase == "" || o.At.IsZero() {
		return nil, fault.New(fault.Undecodable, "operation")
	}
	return o, nil
}
