package mapping

import "github.com/omnicapi/omnicapi/pkg/jsonscan"

// params makes the signal's parameters of the request's context: the sender's own top-level ones. Credentials never are
// (ingest has cut them out; twice is safer), nor what only says where and how the request came.
func (o *Output) params(context []byte) {
	if jsonscan.Kind(context) != 'o' {
		return
	}
	start := len(o.scratch)
	out := append(o.scratch, '{')
	o.Index.Object(context, func(key, value []byte) bool {
		if isEmpty(value) || !isParam(key) {
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
	o.scratch = append(out, '}')
	o.Params = o.scratch[start:len(o.scratch):len(o.scratch)]
}

func isParam(key []byte) bool {
	switch string(key) {
	case "access_token", "accessKey", "access_key", "appsecret_proof", "token", "data", "id", "server", "consent", "source":
		return false
	}
	return true
}
