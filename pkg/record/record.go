// Package record is one Kafka record as the other packages speak of it. Package stream sends and fetches it, package event
// encodes and decodes it. It refuses to know a client: what has to do with records need not link one.
package record

import "time"

// Record is one Kafka record. On a produced one Partition and Offset mean nothing: the key decides.
type Record struct {
	Topic     string
	Partition int
	Offset    int64
	Key       []byte
	Value     []byte
	Headers   []Header
	Time      time.Time
	Yields    bool // to be produced: it gives way to records that do not, when many wait (stream.ProducerConfig.Reserved)
}

// Header is one record header.
type Header struct {
	Key   string
	Value []byte
}

// Header returns the value of the first header of that name, nil if there is none.
func (r *Record) Header(key string) []byte {
	for i := range r.Headers {
		if r.Headers[i].Key == key {
			return r.Headers[i].Value
		}
	}
	return nil
}
