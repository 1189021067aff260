package channel

import "net/http"

// Google answers as Google Analytics does: 204 whatever the events are worth and whoever sent them, since its senders
// neither read nor repeat. What is not taken is dropped and counted. Only what the sender's side can mend is an error.
type Google struct{ Own }

// KeepsHopeless is true: there is no body.
func (Google) KeepsHopeless() bool { return true }

// Accepted answers 204.
func (Google) Accepted(reply *Reply, _ *Batch, _ string) {
	reply.Status, reply.ContentType, reply.Body = http.StatusNoContent, "", reply.Body[:0]
}

// Refused answers 204 for what cannot be read, an unknown key and a wrong secret.
func (g Google) Refused(reply *Reply, f *Refusal, b *Batch, traceID string) {
	if f.Kind == Unreadable || f.Kind == Unauthorized {
		g.Accepted(reply, b, traceID)
		return
	}
	g.Own.Refused(reply, f, b, traceID)
}
