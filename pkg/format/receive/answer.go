package receive

// Answer is one sender's way of being answered. TraceID is the request's, 32 hex digits, for answers that show one.
type Answer interface {
	// KeepsHopeless says that the answer has no place for rejections by index: hopeless items are stored and end as dead
	// letters.
	KeepsHopeless() bool
	// Accepted writes the answer to a request whose items are stored, or rejected by index.
	Accepted(reply *Reply, b *Batch, traceID string)
	// Refused writes the answer to a request of which nothing is stored. b may be nil.
	Refused(reply *Reply, f *Refusal, b *Batch, traceID string)
}
