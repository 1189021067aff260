package event

import (
	"bytes"
	"strconv"
	"strings"
	"time"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/record"
)

// The headers of a dead letter, beside the record's own.
const (
	dlqPrefix       = "dlq_"
	headerStage     = "dlq_stage"
	headerReason    = "dlq_reason"
	headerDetail    = "dlq_detail"
	headerTopic     = "dlq_topic"
	headerPartition = "dlq_partition"
	headerOffset    = "dlq_offset"
	headerAttempts  = "dlq_attempts"
	headerFBTraceID = "dlq_fbtrace_id"
	headerFailedAt  = "dlq_failed_at"
	headerReplays   = "dlq_replays"
	headerMissing   = "dlq_value_bytes"
)

// DeadLetter is why a record cannot go on, and where it lay.
type DeadLetter struct {
	Stage     fault.Stage
	Reason    fault.Reason
	Detail    string // a field or a code, never a value
	Topic     string // where the record lay
	Partition int
	Offset    int64
	Attempts  int
	FBTraceID string
	FailedAt  time.Time
	Replays   int  // how often it has been replayed already
	Shortened bool // its topic did not hold it: the value is missing (Shorten), so it can't be replayed
}

// Record makes the dead letter of rec on topic: key id, rec's value and headers as they were, and the dlq_* headers.
// dlq_* headers of an earlier failure are replaced; their dlq_replays is kept unless d.Replays is higher. The letter's timestamp is
// FailedAt, but rec's arrival is kept in dlq_arrived_at so that a replay can restore it. rec is not changed; its value
// and header values are shared.
func (d *DeadLetter) Record(topic string, id []byte, rec *record.Record) record.Record {
	replays := max(d.Replays, Replays(rec))
	headers := make([]record.Header, 0, len(rec.Headers)+13)
	for _, h := range rec.Headers {
		if !strings.HasPrefix(h.Key, dlqPrefix) {
			headers = append(headers, h)
		}
	}
	put := func(key, value string) {
		headers = append(headers, record.Header{Key: key, Value: []byte(value)})
	}
	put(headerStage, string(d.Stage))
	put(headerReason, string(d.Reason))
	if d.Detail != "" {
		put(headerDetail, d.Detail)
	}
	put(headerTopic, d.Topic)
	put(headerPartition, strconv.Itoa(d.Partition))
	put(headerOffset, strconv.FormatInt(d.Offset, 10))
	put(headerAttempts, strconv.Itoa(d.Attempts))
	if d.FBTraceID != "" {
		put(headerFBTraceID, d.FBTraceID)
	}
	put(headerFailedAt, d.FailedAt.UTC().Format(timeLayout))
	put(headerReplays, strconv.Itoa(replays))
	put(headerArrivedAt, rec.Time.UTC().Format(timeLayout))
	if rec.Key != nil {
		headers = append(headers, record.Header{Key: headerKey, Value: bytes.Clone(rec.Key)})
	}
	return record.Record{Topic: topic, Key: id, Value: rec.Value, Headers: headers, Time: d.FailedAt}
}

// Beside why and where it failed: what a replay needs to restore the record.
const (
	headerArrivedAt = "dlq_arrived_at" // its timestamp
	headerKey       = "dlq_key"        // its key; a raw event's is not its id
)

// Decode reads the dlq_* headers. The error is a *fault.Error (undecodable; Detail: the header at fault).
func (d *DeadLetter) Decode(r *record.Record) error {
	*d = DeadLetter{
		Stage:     fault.Stage(r.Header(headerStage)),
		Reason:    fault.Reason(r.Header(headerReason)),
		Detail:    string(r.Header(headerDetail)),
		Topic:     string(r.Header(headerTopic)),
		FBTraceID: string(r.Header(headerFBTraceID)),
		Replays:   Replays(r),
	}
	if d.Stage == "" {
		return fault.New(fault.Undecodable, headerStage)
	}
	if !d.Reason.Known() {
		return fault.New(fault.Undecodable, headerReason)
	}
	if d.Topic == "" {
		return fault.New(fault.Undecodable, headerTopic)
	}
	partition, ok := parseInt(r.Header(headerPartition))
	if !ok {
		return fault.New(fault.Undecodable, headerPartition)
	}
	if d.Offset, ok = parseInt(r.Header(headerOffset)); !ok {
		return fault.New(fault.Undecodable, headerOffset)
	}
	if d.FailedAt, ok = parseTime(r.Header(headerFailedAt)); !ok {
		return fault.New(fault.Undecodable, headerFailedAt)
	}
	attempts, _ := parseInt(r.Header(headerAttempts))
	d.Partition, d.Attempts, d.Shortened = int(partition), int(attempts), r.Header(headerMissing) != nil
	return nil
}

// Replay makes the record that goes back to d.Topic: the value and headers it had before it failed, the same key and the
// same timestamp (its arrival: deadlines count on from it), and as its only dlq_* headers dlq_replays = d.Replays + 1 and
// dlq_stage: others read that topic too, and only the stage where it failed is to handle it again (IsFor).
func (d *DeadLetter) Replay(r *record.Record) record.Record {
	out := record.Record{Topic: d.Topic, Key: r.Key, Value: r.Value, Time: r.Time}
	out.Headers = make([]record.Header, 0, len(r.Headers))
	for _, h := range r.Headers {
		switch {
		case h.Key == headerKey:
			out.Key = h.Value
		case h.Key == headerArrivedAt:
			if t, ok := parseTime(h.Value); ok {
				out.Time = t
			}
		case !strings.HasPrefix(h.Key, dlqPrefix):
			out.Headers = append(out.Headers, h)
		}
	}
	out.Headers = append(out.Headers,
		record.Header{Key: headerReplays, Value: strconv.AppendInt(nil, int64(d.Replays)+1, 10)},
		record.Header{Key: headerStage, Value: []byte(d.Stage)})
	return out
}

// IsFor says whether a stage is to handle a record of the topics that it reads. It is not to handle one that was replayed for
// another stage: it did when the record came first. A dead letter, which names a stage too, is for all who read dead letters.
func IsFor(stage fault.Stage, r *record.Record) bool {
	of := r.Header(headerStage)
	return len(of) == 0 || string(of) == string(stage) || r.Header(headerReason) != nil
}

// Replays is how often a record has been replayed; 0 for one that never was a dead letter.
func Replays(r *record.Record) int {
	n, ok := parseInt(r.Header(headerReplays))
	if !ok || n < 0 {
		return 0
	}
	return int(n)
}
