package event

import (
	"strconv"

	"github.com/omnicapi/omnicapi/pkg/record"
)

var (
	specVersionValue = []byte(SpecVersion)
	signalTypeValue  = []byte(SignalType)
	contentTypeValue = []byte(SignalContentType)
)

// Memory holds the keys and headers of records, so that many can be made without an allocation each. It is for one
// goroutine; the zero value is ready.
type Memory struct {
	headers []record.Header
	bytes   []byte
}

// Begin takes back the memory of all records made in it. More than about most bytes of it are given up.
func (m *Memory) Begin(most int) {
	clear(m.headers)
	m.headers, m.bytes = m.headers[:0], m.bytes[:0]
	if cap(m.bytes)+cap(m.headers)*headerSize > most {
		*m = Memory{}
	}
}

// What a signal has at most in headers, and about what a header takes of memory.
const (
	mostHeaders = 14
	headerSize  = 40
)

// Record makes the record: key = id, timestamp = arrival, value = body. Its key and headers are copies, in memory of
// their own: s may be reused at once. body is not copied.
func (s *Signal) Record(topic string, body []byte) record.Record {
	return s.RecordIn(&Memory{
		headers: make([]record.Header, 0, mostHeaders),
		bytes: make([]byte, 0, len(s.ID)+len(s.Source)+len(s.EventName)+len(s.ActionSource)+len(s.Value)+len(s.Currency)+
			len(s.Params)+len(s.TraceParent)+len(timeLayout)+48),
	}, topic, body)
}

// RecordIn is Record with key and headers in m: they are valid until m.Begin.
func (s *Signal) RecordIn(m *Memory, topic string, body []byte) record.Record {
	first := len(m.headers)
	m.put(headerSpecVersion, specVersionValue)
	key := m.copyOf(s.ID)
	m.put(headerID, key)
	m.put(headerType, signalTypeValue)
	m.put(headerSource, m.copyOf(s.Source))
	start := len(m.bytes)
	m.bytes = appendStamp(m.bytes, s.Time)
	m.put(headerTime, m.since(start))
	m.put(headerContentType, contentTypeValue)
	start = len(m.bytes)
	m.bytes = strconv.AppendInt(m.bytes, s.EventTime, 10)
	m.put(headerEventTime, m.since(start))
	m.put(headerEventName, m.copyOf(s.EventName))
	m.put(headerActionSource, m.copyOf(s.ActionSource))
	m.put(headerValue, m.copyOf(s.Value))
	m.put(headerCurrency, m.copyOf(s.Currency))
	m.put(headerTraceParent, m.copyOf(s.TraceParent))
	m.put(headerParams, m.copyOf(s.Params))
	if s.Replays > 0 {
		start = len(m.bytes)
		m.bytes = strconv.AppendInt(m.bytes, int64(s.Replays), 10)
		m.put(headerReplays, m.since(start))
	}
	headers := m.headers[first:len(m.headers):len(m.headers)]
	return record.Record{Topic: topic, Key: key, Value: body, Headers: headers, Time: s.Time}
}

// put adds a header unless it is empty.
func (m *Memory) put(key string, value []byte) {
	if len(value) > 0 {
		m.headers = append(m.headers, record.Header{Key: key, Value: value})
	}
}

func (m *Memory) copyOf(text []byte) []byte {
	start := len(m.bytes)
	m.bytes = append(m.bytes, text...)
	return m.since(start)
}

func (m *Memory) since(start int) []byte { return m.bytes[start:len(m.bytes):len(m.bytes)] }
