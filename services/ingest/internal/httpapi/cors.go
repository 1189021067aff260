package httpapi

import (
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"

	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/services/ingest/internal/auth"
	"github.com/omnicapi/omnicapi/services/ingest/internal/source"
)

// allowOrigin tells the browser that pages of the origin may read the answer, if any of the sources allows the origin, and
// that they may send their cookies along. That is before the source is found, so that a page can read refusals too;
// denyOrigin takes it back.
func allowOrigin(h http.Header, r *http.Request, sources source.Candidates) bool {
	h.Add("Vary", "Origin")
	origin := r.Header.Get("Origin")
	if !auth.AnyAllowsOrigin(sources, origin) {
		return false
	}
	h.Set("Access-Control-Allow-Origin", origin)
	h.Set("Access-Control-Allow-Credentials", "true")
	return true
}

func denyOrigin(h http.Header) {
	h.Del("Access-Control-Allow-Origin")
	h.Del("Access-Control-Allow-Credentials")
}

// servePreflight answers what a browser asks before it posts. It names neither key nor secret: any source of the route
// may allow the origin.
func (a *API) servePreflight(w http.ResponseWriter, r *http.Request, e *endpoint) {
	sources, methods, f := e.candidates, e.methods, e.format
	if f == nil {
		s := a.sources.Named(chi.URLParam(r, "source"))
		f = formatOf(s)
		switch {
		case f == nil || !s.Browser && !takes(f, http.MethodOptions):
			a.refuseMethod(w, e, s)
			return
		case !s.Browser: // not a page's preflight: its senders use OPTIONS for a handshake of their own
			a.exchange(w, r, atSource(e, s, f))
			return
		}
		sources, methods = source.Candidates{s}, methodsOf(s, f)
	}
	h := w.Header()
	if allowed := allowOrigin(h, r, sources); !allowed && r.Header.Get("Origin") != "" {
		a.denied.count(f.Name, e.label, only(sources), auth.BadOrigin)
		a.refuse(w, e.label, e.answer, &receive.Refusal{Kind: receive.Forbidden, Detail: "the page's origin is not allowed"})
		return
	}
	h.Set("Access-Control-Allow-Methods", strings.Join(methods, ", "))
	h.Set("Access-Control-Allow-Headers", "content-type, authorization, x-retry-count")
	h.Set("Access-Control-Max-Age", "86400")
	w.WriteHeader(http.StatusNoContent)
	a.metrics.request(e.label, http.StatusNoContent, 0)
}
