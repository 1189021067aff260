package event

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"time"

	"github.com/omnicapi/omnicapi/pkg/fault"
)

// maxOutcome is the size at which an outcome is split into several records.
const maxOutcome = 500_000

// Outcome is the fate of a batch or consumed chunk, JSON on the outcomes topic.
type Outcome struct {
	BatchID   string      `json:"batch_id"`
	Stage     fault.Stage `json:"stage"`
	Dataset   string      `json:"dataset,omitempty"`
	FBTraceID string      `json:"fbtrace_id,omitempty"`
	Attempts  int         `json:"attempts,omitempty"`
	StartedAt time.Time   `json:"started_at"`
	EndedAt   time.Time   `json:"ended_at"`
	Events    []EventFate `json:"events"`
}

// EventFate is one event of an outcome. Topic, Partition and Offset are where its record lay.
type EventFate struct {
	ID        string       `json:"event_id"`
	Name      string       `json:"event_name,omitempty"`
	Channel   string       `json:"channel,omitempty"`
	Source    string       `json:"source,omitempty"`
	Trust     Trust        `json:"trust,omitempty"`
	Value     json.Number  `json:"value,omitempty"`
	Currency  string       `json:"currency,omitempty"`
	Fate      fault.Fate   `json:"fate"`
	Reason    fault.Reason `json:"reason,omitempty"`
	Detail    string       `json:"detail,omitempty"`
	Topic     string       `json:"topic,omitempty"`
	Partition int          `json:"partition"`
	Offset    int64        `json:"offset"`
	ArrivedAt time.Time    `json:"arrived_at,omitzero"`
}

// NewBatchID returns 128 random bits as 32 hex digits.
func NewBatchID() string {
	var id [16]byte
	_, _ = rand.Read(id[:]) // never fails (crypto/rand)
	return hex.EncodeToString(id[:])
}

// DecodeOutcome reads an outcome's record. The error is a *fault.Error (undecodable): its text quotes nothing of the value.
func DecodeOutcome(value []byte) (*Outcome, error) {
	o := new(Outcome)
	if err := json.Unmarshal(value, o); err != nil || o.BatchID == "" {
		return nil, fault.New(fault.Undecodable, "outcome")
	}
	return o, nil
}
