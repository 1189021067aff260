package graph

import (
	"io"
	"net"
	"net/http"
	"time"

	"github.com/omnicapi/omnicapi/pkg/backoff"
	"github.com/omnicapi/omnicapi/services/sandbox/internal/rule"
)

// fail does what the rules say of a batch and returns where its answer goes, nil if that has answered the request.
func fail(w http.ResponseWriter, r *http.Request, f *rule.Rule) http.ResponseWriter {
	if f == nil {
		return w
	}
	if f.Drip > 0 || f.Cut {
		w = &broken{ResponseWriter: w, ctx: r.Context(), drip: time.Duration(f.Drip), cut: f.Cut}
	}
	if answers(w, r, f) {
		return nil
	}
	return w
}

// answers does what a fault rule says and reports whether that answered the request.
func answers(w http.ResponseWriter, r *http.Request, f *rule.Rule) bool {
	for k, v := range f.Headers {
		w.Header().Set(k, v)
	}
	if f.Delay > 0 && !backoff.Wait(r.Context(), time.Duration(f.Delay)) {
		return true
	}
	switch {
	case f.Hang:
		<-r.Context().Done()
		return true
	case f.Reset:
		reset(w)
		return true
	case f.Error != nil:
		status := f.Status
		if status == 0 {
			status = http.StatusBadRequest
		}
		refuse(w, &refusal{status, errorObject{
			Message: f.Error.Message, Type: "OAuthException", Code: f.Error.Code, Subcode: f.Error.Subcode, IsTransient: f.Error.IsTransient,
		}})
		return true
	case f.Fails():
		status := f.Status
		if status == 0 {
			status = http.StatusOK
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, f.Body) // the caller may have gone
		return true
	}
	return false
}

// reset closes the connection, with a TCP RST where possible.
func reset(w http.ResponseWriter) {
	c, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	if tcp, ok := c.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0) // a plain close breaks the answer too
	}
	_ = c.Close()
}
