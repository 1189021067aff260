package event

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/record"
)

// SuppressionKinds are the match keys by which a person is suppressed, as user_data calls them.
var SuppressionKinds = []string{"em", "ph", "external_id"}

// Suppression is a person whose events are dropped, or one who is no more: a record of the topic suppressions. It is known by what
// Meta would get of him, the SHA-256 of his normalized e-mail address, phone number or external id, and by nothing else.
type Suppression struct {
	Kind    string   // one of SuppressionKinds
	Hash    [32]byte // SHA-256, as it is in user_data
	AddedAt time.Time
	Removed bool // he is taken off the list
}

// suppressed is the value of a suppression's record.
type suppressed struct {
	AddedAt time.Time `json:"added_at"`
}

// Record encodes a suppression: kind, colon and hash in hex as key. That of a removal is a tombstone: it has no value.
func (s *Suppression) Record(topic string) (record.Record, error) {
	key := hex.AppendEncode([]byte(s.Kind+":"), s.Hash[:])
	if s.Removed {
		return record.Record{Topic: topic, Key: key, Time: s.AddedAt}, nil
	}
	value, err := json.Marshal(suppressed{s.AddedAt.UTC().Truncate(time.Millisecond)})
	if err != nil {
		return record.Record{}, fmt.Errorf("encoding a suppression: %w", err)
	}
	return record.Record{Topic: topic, Key: key, Value: value, Time: s.AddedAt}, nil
}

// DecodeSuppression reads a suppression's record. Whom it is about is in the key: one whose value cannot be read is a suppression all
// the same, as old as its record. The error is a *fault.Error (undecodable): its text quotes nothing of the record.
func DecodeSuppression(r *record.Record) (Suppression, error) {
	kind, digits, _ := bytes.Cut(r.Key, []byte{':'})
	s := Suppression{Kind: string(kind), AddedAt: r.Time, Removed: len(r.Value) == 0}
	if !slices.Contains(SuppressionKinds, s.Kind) || len(digits) != hex.EncodedLen(len(s.Hash)) {
		return Suppression{}, fault.New(fault.Undecodable, "suppression")
	}
	if _, err := hex.Decode(s.Hash[:], digits); err != nil {
		return Suppression{}, fault.New(fault.Undecodable, "suppression")
	}
	var v suppressed
	if json.Unmarshal(r.Value, &v) == nil && !v.AddedAt.IsZero() {
		s.AddedAt = v.AddedAt
	}
	return s, nil
}
