package event

import (
	"bytes"
	"time"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
	"github.com/omnicapi/omnicapi/pkg/record"
)

// The types of the envelopes this build reads and writes, and the CloudEvents version of both.
const (
	RawType     = "omnicapi.raw.v1"
	SignalType  = "omnicapi.signal.v1"
	SpecVersion = "1.0"
)

// Content types of the records' values.
const (
	RawContentType    = "application/cloudevents+json"
	SignalContentType = "application/json"
)

// timeLayout is RFC 3339 in UTC with milliseconds: Kafka's own precision.
const timeLayout = "2006-01-02T15:04:05.000Z07:00"

// Raw is one item as received, with what its request says. Empty members are left out of the envelope.
type Raw struct {
	ID          []byte // event_id
	Channel     []byte
	Source      []byte
	Key         []byte // partition key
	Time        time.Time
	Format      []byte
	Trust       Trust // of its sender; "": not said, which reads as Proven
	TraceParent []byte
	URL         []byte // request URL without credentials
	Headers     []byte // JSON object of allow-listed headers, lower-case names
	IP          []byte // the client's address
	SentAt      []byte // what the request says about when it was sent
	Context     []byte // JSON: what the request says for all its items; nil: nothing
	Item        []byte // JSON value

	arena []byte // texts that had escapes
	index *jsonscan.Index
}

// AppendRaw appends the CloudEvents 1.0 JSON envelope. Headers, Context and Item are spliced in as they are: they have
// passed jsonscan.Check (text that is no JSON comes as a JSON string).
func AppendRaw(dst []byte, r *Raw) []byte {
	dst = append(dst, `{"specversion":"`+SpecVersion+`","id":`...)
	dst = jsonscan.AppendString(dst, r.ID)
	dst = append(dst, `,"type":"`+RawType+`","source":`...)
	dst = appendSource(dst, r)
	dst = appendText(dst, `,"subject":`, r.Key)
	dst = append(dst, `,"time":"`...)
	dst = appendStamp(dst, r.Time)
	dst = append(dst, `","datacontenttype":"application/json"`...)
	dst = appendText(dst, `,"format":`, r.Format)
	if r.Trust != "" {
		dst = append(append(append(dst, `,"trust":"`...), r.Trust...), '"')
	}
	dst = appendText(dst, `,"traceparent":`, r.TraceParent)
	dst = append(dst, `,"data":{"request":{`...)
	start := len(dst)
	dst = appendText(dst, `,"url":`, r.URL)
	dst = appendJSON(dst, `,"headers":`, r.Headers)
	dst = appendText(dst, `,"ip":`, r.IP)
	dst = appendText(dst, `,"sent_at":`, r.SentAt)
	dst = appendJSON(dst, `,"context":`, r.Context)
	if len(dst) > start { // the first member has no comma before it
		dst = append(dst[:start], dst[start+1:]...)
	}
	dst = append(dst, `},"item":`...)
	if len(r.Item) == 0 {
		dst = append(dst, "null"...)
	}
	dst = append(dst, r.Item...)
	return append(dst, "}}"...)
}

// appendSource appends "/channels/<channel>/<source>" as a JSON string: configured names need no escaping ([a-z0-9-]), but
// the names of a decoded envelope are whatever was in it.
func appendSource(dst []byte, r *Raw) []byte {
	var room [128]byte
	s := append(room[:0], sourcePrefix...)
	s = append(s, r.Channel...)
	s = append(s, '/')
	s = append(s, r.Source...)
	return jsonscan.AppendString(dst, s)
}

func appendText(dst []byte, name string, text []byte) []byte {
	if len(text) == 0 {
		return dst
	}
	return jsonscan.AppendString(append(dst, name...), text)
}

func appendJSON(dst []byte, name string, value []byte) []byte {
	if len(value) == 0 {
		return dst
	}
	return append(append(dst, name...), value...)
}

// Decode reads an envelope in one pass, whatever the order of its members; members it does not know are passed over. Its
// slices point into data, or into r's own memory where a text had escapes, and are valid until the next Decode. It checks
// all of data, the item included, so that jsonscan's functions may be used on Headers, Context and Item. Errors are *fault.Error:
// undecodable (Detail: the member at fault) and unsupported_version (another type or CloudEvents version).
func (r *Raw) Decode(data []byte) error {
	r.clear()
	if r.index.Check(data, envelopeLimits) != nil || jsonscan.Kind(data) != 'o' {
		return fault.New(fault.Undecodable, "envelope")
	}
	var version, kind, source, when, payload []byte
	r.index.Object(r.index.Value(), func(key, value []byte) bool {
		switch string(key) {
		case "specversion":
			version = r.text(value)
		case "id":
			r.ID = r.text(value)
		case "type":
			kind = r.text(value)
		case "source":
			source = r.text(value)
		case "subject":
			r.Key = r.text(value)
		case "time":
			when = r.text(value)
		case "format":
			r.Format = r.text(value)
		case "trust":
			r.Trust = trustOf(r.text(value))
		case "traceparent":
			r.TraceParent = r.text(value)
		case "data":
			payload = value
		}
		return true
	})
	if string(version) != SpecVersion {
		return fault.New(fault.UnsupportedVersion, "specversion")
	}
	if string(kind) != RawType {
		return fault.New(fault.UnsupportedVersion, "type")
	}
	if len(r.ID) == 0 {
		return fault.New(fault.Undecodable, "id")
	}
	var ok bool
	if r.Channel, r.Source, ok = SplitSource(source); !ok {
		return fault.New(fault.Undecodable, "source")
	}
	if r.Time, ok = parseTime(when); !ok {
		return fault.New(fault.Undecodable, "time")
	}
	return r.decodeData(payload)
}

// Index is the index of the decoded envelope: its Object, Array and Get are faster on Headers, Context and Item than
// jsonscan's own. It is valid until the next Decode; before the first it is nil, which works like jsonscan.
func (r *Raw) Index() *jsonscan.Index { return r.index }

func (r *Raw) clear() {
	r.ID, r.Channel, r.Source, r.Key, r.Format, r.TraceParent = nil, nil, nil, nil, nil, nil
	r.URL, r.Headers, r.IP, r.SentAt, r.Context, r.Item = nil, nil, nil, nil, nil, nil
	r.Time, r.Trust, r.arena = time.Time{}, Proven, r.arena[:0]
	if r.index == nil {
		r.index = new(jsonscan.Index)
	}
}

// envelopeLimits leave room for the envelope's own two levels around an item of the default limits, and for files whose
// rows are wide.
var envelopeLimits = jsonscan.Limits{Depth: 24, Keys: 10_000, Elements: 100_000, Number: 256}

func (r *Raw) decodeData(payload []byte) error {
	if jsonscan.Kind(payload) != 'o' {
		return fault.New(fault.Undecodable, "data")
	}
	request := []byte(nil)
	r.index.Object(payload, func(key, value []byte) bool {
		switch string(key) {
		case "request":
			request = value
		case "item":
			r.Item = value
		}
		return true
	})
	if r.Item == nil {
		return fault.New(fault.Undecodable, "data.item")
	}
	r.index.Object(request, func(key, value []byte) bool {
		switch string(key) {
		case "url":
			r.URL = r.text(value)
		case "headers":
			if jsonscan.Kind(value) == 'o' {
				r.Headers = value
			}
		case "ip":
			r.IP = r.text(value)
		case "sent_at":
			r.SentAt = r.text(value)
		case "context":
			if jsonscan.Kind(value) != 'z' {
				r.Context = value
			}
		}
		return true
	})
	return nil
}

// text returns a string's text, nil for any other value and for the empty string.
func (r *Raw) text(value []byte) []byte {
	if jsonscan.Kind(value) != 's' {
		return nil
	}
	if t := jsonscan.Text(value, &r.arena); len(t) > 0 {
		return t
	}
	return nil
}

// RawRecord wraps an encoded envelope: key, timestamp = arrival, content-type and traceparent headers.
func RawRecord(topic string, r *Raw, value []byte) record.Record {
	headers := make([]record.Header, 0, 2)
	headers = append(headers, record.Header{Key: headerContentType, Value: []byte(RawContentType)})
	if len(r.TraceParent) > 0 {
		headers = append(headers, record.Header{Key: headerTraceParent, Value: bytes.Clone(r.TraceParent)})
	}
	return record.Record{Topic: topic, Key: bytes.Clone(r.Key), Value: value, Headers: headers, Time: r.Time}
}

const sourcePrefix = "/channels/"

// AppendSource appends /channels/<channel>/<source>, a signal's Source.
func AppendSource(dst, channel, name []byte) []byte {
	dst = append(append(dst, sourcePrefix...), channel...)
	return append(append(dst, '/'), name...)
}

// SplitSource cuts /channels/<channel>/<source>; ok is false if either name is missing.
func SplitSource(source []byte) (channel, name []byte, ok bool) {
	rest, ok := bytes.CutPrefix(source, []byte(sourcePrefix))
	slash := bytes.IndexByte(rest, '/')
	if !ok || slash <= 0 || slash == len(rest)-1 {
		return nil, nil, false
	}
	return rest[:slash], rest[slash+1:], true
}
