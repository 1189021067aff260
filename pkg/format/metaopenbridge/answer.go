package metaopenbridge

import (
	"net/http"

	"github.com/omnicapi/omnicapi/pkg/format/receive"
)

// answer is 200 without a body, which the Pixel does not read; errors are as receive.Own.
type answer struct{ receive.Own }

// KeepsHopeless is true: nobody reads rejections.
func (answer) KeepsHopeless() bool { return true }

// Accepted answers 200.
func (answer) Accepted(reply *receive.Reply, _ *receive.Input, _ *receive.Batch, _ string) {
	reply.Status, reply.ContentType, reply.Body = http.StatusOK, "", reply.Body[:0]
}
