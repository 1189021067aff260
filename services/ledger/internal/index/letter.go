package index

import (
	"time"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/fault"
)

// AppendLetter encodes a letter without its place, which is its key.
func AppendLetter(b []byte, l *Letter) []byte {
	w := writer{b: append(b, version)}
	for _, t := range [...]string{l.EventID, string(l.Stage), string(l.Reason), l.Detail, l.Topic, l.FBTraceID} {
		w.text(t)
	}
	w.int(int64(l.Partition))
	w.int(l.Offset)
	w.int(int64(l.Attempts))
	w.int(int64(l.Replays))
	w.time(l.FailedAt)
	shortened := byte(0)
	if l.Shortened {
		shortened = 1
	}
	return append(w.b, shortened)
}

// DecodeLetter reads what AppendLetter wrote.
func DecodeLetter(b []byte) (*Letter, error) {
	r := reader{b: b}
	if r.byte() != version {
		return nil, errEncoded
	}
	l := &Letter{EventID: r.text()}
	l.DeadLetter = event.DeadLetter{Stage: fault.Stage(r.text()), Reason: fault.Reason(r.text()), Detail: r.text(), Topic: r.text(), FBTraceID: r.text()}
	l.Partition, l.Offset, l.Attempts, l.Replays = int(r.int()), r.int(), int(r.int()), int(r.int())
	l.FailedAt, l.Shortened = r.time(), r.byte() == 1
	if l.FailedAt.Equal(time.Time{}) {
		l.FailedAt = time.Time{}
	}
	if r.bad || len(r.b) > 0 {
		return nil, errEncoded
	}
	return l, nil
}
