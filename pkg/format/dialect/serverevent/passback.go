package serverevent

import (
	"strconv"

	"github.com/omnicapi/omnicapi/pkg/capi"
	"github.com/omnicapi/omnicapi/pkg/format/mapping"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
	"github.com/omnicapi/omnicapi/pkg/timestamp"
)

// passback is original_event_data or attribution_data, which may be JSON in a text, with its members in Meta's types: times as
// Unix seconds, ids as texts, amounts as numbers. What cannot be read stays, and keeps the member from passing validation.
func passback(o *mapping.Output, value []byte) []byte {
	value = o.Embedded(value)
	var list []capi.Member
	if !o.Index.Object(value, func(key, v []byte) bool {
		list = append(list, capi.Member{Key: o.Key(key), Value: passedBack(o, key, v)})
		return true
	}) {
		return value
	}
	mark := o.Mark()
	o.Scratch = append(o.Scratch, '{')
	for i := range list {
		if i > 0 {
			o.Scratch = append(o.Scratch, ',')
		}
		o.Scratch = append(jsonscan.AppendString(o.Scratch, list[i].Key), ':')
		o.Scratch = append(o.Scratch, list[i].Value...)
	}
	o.Scratch = append(o.Scratch, '}')
	return o.Since(mark)
}

func passedBack(o *mapping.Output, key, value []byte) []byte {
	switch string(key) {
	case "event_time", "touchpoint_ts", "visit_time":
		if at, ok := timestamp.Read(o.Text(value), nil); ok {
			return o.Keep(strconv.AppendInt(nil, at, 10))
		}
	case "ad_id", "adset_id", "campaign_id", "order_id", "event_id":
		if jsonscan.Kind(value) == 'n' {
			return o.Quoted(value)
		}
	case "attribution_share", "attribution_value", "total_credit":
		if d := o.Decimal(value); d != nil {
			return d
		}
	}
	return value
}
