package receive

import "net/http"

// Hook answers a webhook: 200 whatever its items are worth, since a sender repeats or disables what is answered
// otherwise. Errors are as Own.
type Hook struct {
	Own
	ContentType string // of Body
	Body        string
	Denied      int // for a wrong signature or secret; 0: 401
}

// KeepsHopeless is true: nobody reads rejections.
func (Hook) KeepsHopeless() bool { return true }

// Accepted answers 200 with Body.
func (h Hook) Accepted(reply *Reply, _ *Input, _ *Batch, _ string) {
	reply.Status, reply.ContentType, reply.Body = http.StatusOK, h.ContentType, append(reply.Body[:0], h.Body...)
}

// Refused answers as Own, with Denied for a wrong signature.
func (h Hook) Refused(reply *Reply, f *Refusal, b *Batch, traceID string) {
	h.Own.Refused(reply, f, b, traceID)
	if f.Kind == Unauthorized && h.Denied != 0 {
		reply.Status = h.Denied
		reply.Body = AppendProblem(reply.Body[:0], h.Denied, f)
		reply.Body = append(reply.Body, '}', '\n')
	}
}
