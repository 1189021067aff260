package batch

// The frame of a body. The sender's parameters come between tail and end, each with a comma before it.
const (
	head = `{"data":[`
	tail = `]`
	end  = `}`
)

// proofBytes is room for what the poster adds behind the parameters: ,"appsecret_proof":"<64 hex digits>".
const proofBytes = 128

// Frame is what a body costs besides its events, each of which costs its value and a comma.
const Frame = len(head) + len(tail) + len(end) + proofBytes

// Request is one POST: the events in their order and the members that stand beside data.
type Request struct {
	Events []Event
	Params []byte // as ParseParams returns them
}

// AppendBody appends the request body to dst, the events' values as they are. extra is further members, each with a comma before it.
func (r *Request) AppendBody(dst []byte, extra ...byte) []byte {
	dst = append(dst, head...)
	for i := range r.Events {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(dst, r.Events[i].Record.Value...)
	}
	dst = append(dst, tail...)
	dst = append(dst, r.Params...)
	dst = append(dst, extra...)
	return append(dst, end...)
}

// Size is the length of the body, the poster's own members counted at their longest.
func (r *Request) Size() int {
	n := Frame + len(r.Params)
	for i := range r.Events {
		n += len(r.Events[i].Record.Value) + 1
	}
	return n
}
