package mparticle

import (
	"net/http"

	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// answer is 202 without a body, and errors as {"errors":[{"code","message"}]}.
type answer struct{}

// KeepsHopeless is true: there is no place for rejections by index.
func (answer) KeepsHopeless() bool { return true }

// Accepted answers 202.
func (answer) Accepted(reply *receive.Reply, _ *receive.Input, _ *receive.Batch, _ string) {
	reply.Status, reply.ContentType, reply.Body = http.StatusAccepted, "", reply.Body[:0]
}

// codes are mParticle's words for a status.
var codes = map[int]string{
	http.StatusBadRequest:            "BAD_REQUEST",
	http.StatusUnauthorized:          "UNAUTHORIZED",
	http.StatusForbidden:             "FORBIDDEN",
	http.StatusNotFound:              "NOT_FOUND",
	http.StatusMethodNotAllowed:      "METHOD_NOT_ALLOWED",
	http.StatusRequestTimeout:        "REQUEST_TIMEOUT",
	http.StatusRequestEntityTooLarge: "REQUEST_TOO_LARGE",
	http.StatusUnsupportedMediaType:  "UNSUPPORTED_MEDIA_TYPE",
	http.StatusTooManyRequests:       "TOO_MANY_REQUESTS",
	http.StatusInternalServerError:   "INTERNAL_ERROR",
	http.StatusServiceUnavailable:    "SERVICE_UNAVAILABLE",
}

// Refused answers 401 to a request without credentials and 403 to wrong ones.
func (answer) Refused(reply *receive.Reply, f *receive.Refusal, b *receive.Batch, _ string) {
	status := f.Kind.Status()
	if f.Kind == receive.Unauthorized && b.Claim.Secret != "" {
		status = http.StatusForbidden
	}
	message := f.Detail
	if message == "" {
		message = http.StatusText(status)
	}
	reply.Status, reply.ContentType = status, "application/json"
	d := append(reply.Body[:0], `{"errors":[{"code":"`...)
	d = append(d, codes[status]...)
	d = append(d, `","message":`...)
	d = jsonscan.AppendString(d, []byte(message))
	reply.Body = append(d, "}]}"...)
}
