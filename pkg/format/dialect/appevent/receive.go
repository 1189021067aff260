// Package appevent is what the formats of app measurement have in common: one flat event a request, as JSON, a query or a
// form, and the names that apps give to events.
package appevent

import (
	"slices"

	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// SplitFlat reads an app's events: a JSON object or an array of them, else a form's fields and the query's as one.
func SplitFlat(in *receive.Input, b *receive.Batch) *receive.Refusal {
	switch receive.FirstByte(in.Body) {
	case '{', '[':
	default:
		in.Pairs = b.AddPairs(in.Pairs[:0], []byte(in.Request.URL.RawQuery))
		in.Pairs = slices.DeleteFunc(in.Pairs, func(p receive.Pair) bool { return string(p.Name) == "source" })
		if r := in.Form(b); r != nil {
			return r
		}
		item, r := b.Object(receive.Firsts(in.Pairs))
		if r != nil {
			return r
		}
		if len(item) == len("{}") {
			return receive.EmptyBody()
		}
		return b.Add(item)
	}
	if r := receive.Check(in.Body, ""); r != nil {
		return r
	}
	body := jsonscan.Trim(in.Body)
	var refused *receive.Refusal
	if !jsonscan.Array(body, func(value []byte) bool {
		refused = b.Add(value)
		return refused == nil
	}) {
		return b.Add(body)
	}
	return refused
}
