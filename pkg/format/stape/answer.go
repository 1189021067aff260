package stape

import (
	"net/http"
	"strconv"

	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// answer answers as Stape's Data Client does: the time and the event's id to a post, an image to a query.
type answer struct{ receive.Hook }

// Accepted answers 200; of a list the first event's id is told.
func (answer) Accepted(reply *receive.Reply, in *receive.Input, b *receive.Batch, traceID string) {
	if in.Request.Method == http.MethodGet {
		receive.Image{}.Accepted(reply, in, b, traceID)
		return
	}
	reply.Status, reply.ContentType = http.StatusOK, "application/json"
	d := append(reply.Body[:0], `{"timestamp":`...)
	d = strconv.AppendInt(d, in.Now.Unix(), 10)
	if len(b.Items) > 0 {
		d = jsonscan.AppendString(append(d, `,"unique_event_id":`...), b.Items[0].ID)
	}
	reply.Body = append(d, '}')
}
