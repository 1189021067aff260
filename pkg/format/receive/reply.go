package receive

// Reply is an answer, ready to be written.
type Reply struct {
	Status      int
	ContentType string
	Body        []byte
	Headers     []Header // beside Content-Type
}

// Header is one header of an answer.
type Header struct{ Name, Value string }

// Reset empties the reply and keeps its room.
func (r *Reply) Reset() { *r = Reply{Body: r.Body[:0], Headers: r.Headers[:0]} }
