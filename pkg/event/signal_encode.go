package event

import (
	"strconv"

	"github.com/omnicapi/omnicapi/pkg/record"
)

var (
	specVersionValue = []byte(SpecVersion)
	signalTypeValue  = []byte(SignalType)
	provenValue      = []byte(Proven)
	unprovenValue    = []byte(Unproven)
	contentTypeValue = []byte(SignalContentType)
)

// Arena holds the keys and headers of records, so that many can be made without an allocation each. It is for one
// goroutine; the zero value is ready.
type Arena struct {
	headers []record.Header
	bytes   []byte
}

// Begin frees all records made in the arena: their keys and headers are overwritten from now on. An arena that has grown
// beyond about most bytes is replaced by an empty one.
func (a *Arena) Begin(most int) {
	clear(a.headers)
	a.headers, a.bytes = a.headers[:0], a.bytes[:0]
	if cap(a.bytes)+cap(a.headers)*headerSize > most {
		*a = Arena{}
	}
}

// mostHeaders is how many headers a signal has at most, headerSize about how many bytes of memory one takes.
const (
	mostHeaders = 16
	headerSize  = 40
)

// Record makes the record: key = id, timestamp = arrival, value = body. Its key and headers are copies, in memory of
// their own: s may be reused at once. body is not copied.
func (s *Signal) Record(topic string, body []byte) record.Record {
	return s.RecordIn(&Arena{
		headers: make([]record.Header, 0, mostHeaders),
		bytes: make([]byte, 0, len(s.ID)+len(s.Source)+len(s.EventName)+len(s.ActionSource)+len(s.Value)+len(s.Currency)+
			len(s.Params)+len(s.TraceParent)+len(s.ReplayFor)+len(timeLayout)+48),
	}, topic, body)
}

// RecordIn is Record with key and headers in the arena a: they are valid until a.Begin.
func (s *Signal) RecordIn(a *Arena, topic string, body []byte) record.Record {
	first := len(a.headers)
	a.put(headerSpecVersion, specVersionValue)
	key := a.copyOf(s.ID)
	a.put(headerID, key)
	a.put(headerType, signalTypeValue)
	a.put(headerSource, a.copyOf(s.Source))
	start := len(a.bytes)
	a.bytes = appendStamp(a.bytes, s.Time)
	a.put(headerTime, a.since(start))
	a.put(headerContentType, contentTypeValue)
	start = len(a.bytes)
	a.bytes = strconv.AppendInt(a.bytes, s.EventTime, 10)
	a.put(headerEventTime, a.since(start))
	a.put(headerEventName, a.copyOf(s.EventName))
	a.put(headerActionSource, a.copyOf(s.ActionSource))
	a.put(headerValue, a.copyOf(s.Value))
	a.put(headerCurrency, a.copyOf(s.Currency))
	a.put(headerTrust, s.Trust.value())
	a.put(headerTraceParent, a.copyOf(s.TraceParent))
	a.put(headerParams, a.copyOf(s.Params))
	if s.Replays > 0 {
		start = len(a.bytes)
		a.bytes = strconv.AppendInt(a.bytes, int64(s.Replays), 10)
		a.put(headerReplays, a.since(start))
	}
	a.put(headerStage, a.copyOf(s.ReplayFor))
	headers := a.headers[first:len(a.headers):len(a.headers)]
	return record.Record{Topic: topic, Key: key, Value: body, Headers: headers, Time: s.Time}
}

// put adds a header unless it is empty.
func (a *Arena) put(key string, value []byte) {
	if len(value) > 0 {
		a.headers = append(a.headers, record.Header{Key: key, Value: value})
	}
}

func (a *Arena) copyOf(text []byte) []byte {
	start := len(a.bytes)
	a.bytes = append(a.bytes, text...)
	return a.since(start)
}

func (a *Arena) since(start int) []byte { return a.bytes[start:len(a.bytes):len(a.bytes)] }
