// Package event is the wire contract between the services: raw events, signals, dead letters and outcomes, as records.
// Ingest writes raw events, the normalizer reads them and writes signals, the forwarder reads those; all three and the
// command write or read dead letters and outcomes. It refuses to interpret an item: mappers do.
package event

import (
	"encoding/json"
	"time"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/stream"
)

// THIS FILE IS THE AGREED API (signatures); the owner of pkg/event replaces it by real files: raw.go, signal.go,
// deadletter.go, outcome.go.

// Raw is one item as received with the request's facts.
type Raw struct {
	ID          []byte // event_id
	Channel     []byte
	Source      []byte
	Key         []byte // partition key
	Time        time.Time
	Format      []byte
	TraceParent []byte
	URL         []byte // request URL without credentials
	Headers     []byte // JSON object of allow-listed headers, lower-case names
	IP          []byte // the client's address
	SentAt      []byte // what the request says about when it was sent
	Context     []byte // JSON: what the request says for all its items; nil: nothing
	Item        []byte // JSON value
}

// AppendRaw appends the CloudEvents 1.0 JSON envelope.
func AppendRaw(dst []byte, r *Raw) []byte { panic("unbuilt") }

// Decode reads an envelope; its slices point into data. Errors are *fault.Error (undecodable, unsupported_version).
func (r *Raw) Decode(data []byte) error { panic("unbuilt") }

// RawRecord wraps an encoded envelope: key, timestamp = arrival, content-type and traceparent headers.
func RawRecord(topic string, r *Raw, value []byte) stream.Record { panic("unbuilt") }

// Signal is a server event's headers beside its bytes.
type Signal struct {
	ID           []byte
	Source       []byte // /channels/<channel>/<source>
	Time         time.Time
	EventTime    int64
	EventName    []byte
	ActionSource []byte
	Value        []byte // decimal text; nil: none
	Currency     []byte
	Params       []byte // the sender's other top-level parameters as a JSON object; nil: none
	TraceParent  []byte
	Replays      int // a replayed dead letter: how often; a replay is never a duplicate
}

// Record makes the record: key = id, timestamp = arrival, value = body.
func (s *Signal) Record(topic string, body []byte) stream.Record { panic("unbuilt") }

// Decode reads the headers of a record; slices point into it.
func (s *Signal) Decode(r *stream.Record) error { panic("unbuilt") }

// SplitSource cuts /channels/<channel>/<source>.
func SplitSource(source []byte) (channel, name []byte, ok bool) { panic("unbuilt") }

// DeadLetter is why a record cannot go on.
type DeadLetter struct {
	Stage     fault.Stage
	Reason    fault.Reason
	Detail    string
	Topic     string
	Partition int
	Offset    int64
	Attempts  int
	FBTraceID string
	FailedAt  time.Time
	Replays   int
}

// Record makes the dead letter of rec: its value and headers as they were, and the dlq_* headers.
func (d *DeadLetter) Record(topic string, id []byte, rec *stream.Record) stream.Record {
	panic("unbuilt")
}

// Decode reads the dlq_* headers.
func (d *DeadLetter) Decode(r *stream.Record) error { panic("unbuilt") }

// Replay makes the record that goes back to d.Topic: original headers, same key and id, dlq_replays + 1.
func (d *DeadLetter) Replay(r *stream.Record) stream.Record { panic("unbuilt") }

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

// Records encodes an outcome as one record, or several where it would pass 500 KB.
func (o *Outcome) Records(topic string) []stream.Record { panic("unbuilt") }

// DecodeOutcome reads one back.
func DecodeOutcome(value []byte) (*Outcome, error) { panic("unbuilt") }
