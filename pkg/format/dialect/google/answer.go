package google

import (
	"net/http"

	"github.com/omnicapi/omnicapi/pkg/format/receive"
)

// Answer answers as Google Analytics does: 204 whatever the events are worth and whoever sent them, since its senders
// neither read nor repeat. What is not taken is dropped and counted. Only what the sender's side can mend is an error.
type Answer struct{ receive.Own }

// KeepsHopeless is true: there is no body.
func (Answer) KeepsHopeless() bool { return true }

// Accepted answers 204.
func (Answer) Accepted(reply *receive.Reply, _ *receive.Input, _ *receive.Batch, _ string) {
	reply.Status, reply.ContentType, reply.Body = http.StatusNoContent, "", reply.Body[:0]
}

// Refused answers 204 for what cannot be read, an unknown key and a wrong secret.
func (g Answer) Refused(reply *receive.Reply, f *receive.Refusal, b *receive.Batch, traceID string) {
	if f.Kind == receive.Unreadable || f.Kind == receive.Unauthorized {
		g.Accepted(reply, nil, b, traceID)
		return
	}
	g.Own.Refused(reply, f, b, traceID)
}
