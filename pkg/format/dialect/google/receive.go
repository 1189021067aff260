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
			own = in.Usable(value)
		case "transaction_id":
			order = in.Usable(value)
		}
		return true
	})
	return own, order
}

// HitKey is a key of an event without an id: whose it is, when, which of the request, and what it says.
func HitKey(in *receive.Input, item []byte, index int, when []byte, minute bool) []byte {
	start := len(in.Scratch)
	d := append(append(in.Scratch, in.Subject...), 0)
	d = append(append(d, when...), 0)
	d = strconv.AppendInt(d, int64(index), 10)
	if minute {
		d = strconv.AppendInt(append(d, 0), in.Now.Unix()/60, 10)
	}
	d = append(append(d, 0), item...)
	in.Scratch = d
	return d[start:len(d):len(d)]
}

// TagKey is a key of a tag's hit: visitor, query, place in the request, fields and minute.
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
