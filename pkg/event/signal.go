package event

import (
	"bytes"
	"time"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
	"github.com/omnicapi/omnicapi/pkg/record"
)

// The headers of a signal (CloudEvents, binary mode).
const (
	headerSpecVersion  = "ce_specversion"
	headerID           = "ce_id"
	headerType         = "ce_type"
	headerSource       = "ce_source"
	headerTime         = "ce_time"
	headerContentType  = "content-type"
	headerEventTime    = "ce_eventtime"
	headerEventName    = "ce_eventname"
	headerActionSource = "ce_actionsource"
	headerValue        = "ce_value"
	headerCurrency     = "ce_currency"
	headerTrust        = "ce_trust"
	headerTraceParent  = "traceparent"
	headerParams       = "ce_params"
)

// Signal is what the headers of a signal's record say; the record's value is the server event.
type Signal struct {
	ID           []byte
	Source       []byte // /channels/<channel>/<source>
	Time         time.Time
	EventTime    int64
	EventName    []byte
	ActionSource []byte
	Value        []byte // decimal text; nil: none
	Currency     []byte
	Trust        Trust  // of its sender; "": not said, which reads as Proven
	Params       []byte // the sender's other top-level parameters as a JSON object; nil: none
	TraceParent  []byte
	Replays      int    // a replayed dead letter: how often (header dlq_replays); a replay is never a duplicate
	ReplayFor    []byte // and the stage that it is for (header dlq_stage); nil: for all who read the topic
}

// IsFor is IsFor for the decoded record, also after an error.
func (s *Signal) IsFor(stage fault.Stage) bool {
	return len(s.ReplayFor) == 0 || string(s.ReplayFor) == string(stage)
}

// Decode reads the headers of a record, in any order; slices point into it. Errors are *fault.Error: undecodable
// (Detail: the header at fault) and unsupported_version.
func (s *Signal) Decode(r *record.Record) error {
	var version, kind, when, eventTime, replays []byte
	*s = Signal{Trust: Proven}
	for i := range r.Headers {
		h := &r.Headers[i]
		switch h.Key {
		case headerSpecVersion:
			version = h.Value
		case headerID:
			s.ID = h.Value
		case headerType:
			kind = h.Value
		case headerSource:
			s.Source = h.Value
		case headerTime:
			when = h.Value
		case headerEventTime:
			eventTime = h.Value
		case headerEventName:
			s.EventName = h.Value
		case headerActionSource:
			s.ActionSource = h.Value
		case headerValue:
			s.Value = h.Value
		case headerCurrency:
			s.Currency = h.Value
		case headerTrust:
			s.Trust = trustOf(h.Value)
		case headerTraceParent:
			s.TraceParent = h.Value
		case headerParams:
			s.Params = h.Value
		case headerReplays:
			replays = h.Value
		case headerStage:
			s.ReplayFor = h.Value
		}
	}
	if string(version) != SpecVersion {
		return fault.New(fault.UnsupportedVersion, headerSpecVersion)
	}
	if string(kind) != SignalType {
		return fault.New(fault.UnsupportedVersion, headerType)
	}
	return s.check(r, when, eventTime, replays)
}

// check reads the headers that are not plain text and refuses a record that the forwarder could not decide about or post.
func (s *Signal) check(r *record.Record, when, eventTime, replays []byte) error {
	var ok bool
	if len(s.ID) == 0 {
		return fault.New(fault.Undecodable, headerID)
	}
	if _, _, ok = SplitSource(s.Source); !ok {
		return fault.New(fault.Undecodable, headerSource)
	}
	if s.Time, ok = parseTime(when); !ok {
		return fault.New(fault.Undecodable, headerTime)
	}
	if s.EventTime, ok = parseInt(eventTime); !ok {
		return fault.New(fault.Undecodable, headerEventTime)
	}
	if len(s.EventName) == 0 {
		return fault.New(fault.Undecodable, headerEventName)
	}
	if len(s.Params) > 0 && (jsonscan.Kind(s.Params) != 'o' || jsonscan.Check(s.Params, jsonscan.Limits{}) != nil) {
		return fault.New(fault.Undecodable, headerParams)
	}
	if jsonscan.Kind(r.Value) != 'o' {
		return fault.New(fault.Undecodable, "value")
	}
	if n, ok := parseInt(replays); ok && n > 0 {
		s.Replays = int(n)
	}
	return nil
}

// parseInt reads up to 18 decimal digits with an optional minus.
func parseInt(s []byte) (int64, bool) {
	digits, negative := bytes.CutPrefix(s, []byte{'-'})
	if len(digits) == 0 || len(digits) > 18 {
		return 0, false
	}
	n := int64(0)
	for _, b := range digits {
		if b < '0' || b > '9' {
			return 0, false
		}
		n = n*10 + int64(b-'0')
	}
	if negative {
		n = -n
	}
	return n, true
}
