package serverevent

import (
	"github.com/omnicapi/omnicapi/pkg/format/mapping"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
	"github.com/omnicapi/omnicapi/pkg/privacy"
)

// readParams makes the signal's parameters of the request's context: the sender's own top-level ones. Credentials never are
// (ingest has cut them out; twice is safer), nor what only says where and how the request came.
func readParams(o *mapping.Output, context []byte) {
	if jsonscan.Kind(context) != 'o' {
		return
	}
	mark := o.Mark()
	o.Index.Object(context, func(key, value []byte) bool {
		if mapping.IsEmpty(value) || !isParam(key) {
			return true
		}
		before := byte(',')
		if o.Mark() == mark {
			before = '{'
		}
		o.Scratch = append(append(append(o.Scratch, before, '"'), key...), '"', ':')
		o.Scratch = jsonscan.AppendCompact(o.Scratch, value)
		return true
	})
	if o.Mark() > mark {
		o.Scratch = append(o.Scratch, '}')
		o.Params = o.Since(mark)
	}
}

func isParam(key []byte) bool {
	switch string(key) {
	case "access_token", "accessKey", "access_key", "appsecret_proof", "token", "data", "id", "server", "source":
		return false
	}
	return !privacy.IsWish(key)
}
