package mapping

import (
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// ReadParams makes the signal's parameters of the request's context: the sender's own top-level ones. Credentials never are
// (ingest has cut them out; twice is safer), nor what only says where and how the request came.
func (o *Output) ReadParams(context []byte) {
	if jsonscan.Kind(context) != 'o' {
		return
	}
	start := len(o.Scratch)
	out := append(o.Scratch, '{')
	o.Index.Object(context, func(key, value []byte) bool {
		if IsEmpty(value) || !isParam(key) {
			return true
		}
		if len(out) > start+1 {
			out = append(out, ',')
		}
		out = append(out, '"')
		out = append(out, key...)
		out = append(out, '"', ':')
		out = jsonscan.AppendCompact(out, value)
		return true
	})
	if len(out) == start+1 {
		return
	}
	o.Scratch = append(out, '}')
	o.Params = o.Scratch[start:len(o.Scratch):len(o.Scratch)]
}

func isParam(key []byte) bool {
	switch string(key) {
	case "access_token", "accessKey", "access_key", "appsecret_proof", "token", "data", "id", "server", "consent", "source":
		return false
	}
	return true
}
