package cloudevents

import (
	"net/http"

	"github.com/omnicapi/omnicapi/pkg/format/receive"
)

// Answer is 202 without a body: Knative's broker takes any body of a 2xx for an event in reply, and one that is none for a
// delivery that failed, which it repeats. Nobody could read rejections, so hopeless events of a batch are stored and end as
// dead letters.
type Answer struct{ receive.Own }

// KeepsHopeless is true.
func (Answer) KeepsHopeless() bool { return true }

// Accepted answers 202 and nothing else.
func (Answer) Accepted(reply *receive.Reply, _ *receive.Input, _ *receive.Batch, _ string) {
	reply.Status, reply.ContentType, reply.Body = http.StatusAccepted, "", reply.Body[:0]
}
