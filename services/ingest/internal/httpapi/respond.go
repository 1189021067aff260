package httpapi

import (
	"math"
	"math/rand/v2"
	"net/http"
	"strconv"
	"time"

	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/pkg/telemetry"
)

// writeReply writes an answer. That a client has gone away is no error: its events are stored all the same.
func writeReply(w http.ResponseWriter, reply *receive.Reply) {
	h := w.Header()
	if reply.ContentType != "" {
		h.Set("Content-Type", reply.ContentType)
	}
	h.Set("Content-Length", strconv.Itoa(len(reply.Body)))
	h.Set("X-Content-Type-Options", "nosniff")
	for _, x := range reply.Headers {
		h.Set(x.Name, x.Value)
	}
	w.WriteHeader(reply.Status)
	_, _ = w.Write(reply.Body)
}

// refused is the answer to a request that is refused before its exchange begins.
func refused(answer receive.Answer, f *receive.Refusal) *receive.Reply {
	var reply receive.Reply
	answer.Refused(&reply, f, &receive.Batch{}, traceID(telemetry.NewTraceParent()))
	return &reply
}

// refuse answers a request that belongs to no source and is not read.
func (a *API) refuse(w http.ResponseWriter, route string, answer receive.Answer, f *receive.Refusal) {
	reply := refused(answer, f)
	writeReply(w, reply)
	a.metrics.request(route, reply.Status, 0)
}

// retryAfter asks the sender to repeat after wait, or a second later: not all senders at once.
func retryAfter(h http.Header, wait time.Duration) {
	seconds := int(math.Ceil(wait.Seconds()))
	h.Set("Retry-After", strconv.Itoa(max(seconds, 1)+rand.IntN(2)))
}
