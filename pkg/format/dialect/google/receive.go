package google

import (
	"strconv"

	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// IDs are the event_id and transaction_id of an event's parameters that can be an event_id.
func IDs(in *receive.Input, params []byte) (own, order []byte) {
	jsonscan.Object(params, func(key, value []byte) bool {
		switch string(jsonscan.Key(key, &in.Scratch)) {
		case "event_id":
			own = in.EventID(value)
		case "transaction_id":
			order = in.EventID(value)
		}
		return true
	})
	return own, order
}

// HitKey is what stays the same when a server repeats an event that has no id of its own: the person, the event's time, its
// place in the request and its bytes; the minute of arrival, too, where it has no time.
func HitKey(in *receive.Input, person, item []byte, index int, when []byte, minute bool) []byte {
	start := len(in.Scratch)
	d := append(append(in.Scratch, person...), 0)
	d = append(append(d, when...), 0)
	d = strconv.AppendInt(d, int64(index), 10)
	if minute {
		d = strconv.AppendInt(append(d, 0), in.Now.Unix()/60, 10)
	}
	d = append(append(d, 0), item...)
	in.Scratch = d
	return d[start:len(d):len(d)]
}

// TagKey tells a page's events without an id and a time apart: by client address and agent, the request's query, the
// event's place in the request and its bytes, and the minute of arrival.
func TagKey(in *receive.Input, item []byte, index int) []byte {
	start := len(in.Scratch)
	d := in.Scratch
	if in.Client.IsValid() {
		d = in.Client.AppendTo(d)
	}
	d = append(append(d, 0), in.Request.UserAgent()...)
	d = append(append(d, 0), in.Request.URL.RawQuery...)
	d = strconv.AppendInt(append(d, 0), int64(index), 10)
	d = strconv.AppendInt(append(d, 0), in.Now.Unix()/60, 10)
	d = append(append(d, 0), item...)
	in.Scratch = d
	return d[start:len(d):len(d)]
}
