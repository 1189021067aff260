package httpapi

import (
	"net/http"
	"slices"
	"strings"

	"github.com/go-chi/chi/v5"

	"github.com/omnicapi/omnicapi/pkg/format"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/services/ingest/internal/auth"
	"github.com/omnicapi/omnicapi/services/ingest/internal/source"
)

// takes says whether a format's senders use a method: POST, or what one of its routes takes beside it.
func takes(f *format.Format, method string) bool {
	return method == http.MethodPost || slices.ContainsFunc(f.Routes, func(r receive.Route) bool { return slices.Contains(r.Methods, method) })
}

// methodsOf is what a source takes at its own route, a page's preflight among it.
func methodsOf(s *source.Source, f *format.Format) []string {
	var methods []string
	for _, m := range []string{http.MethodGet, http.MethodPost, http.MethodOptions} {
		if takes(f, m) || m == http.MethodOptions && s.Browser {
			methods = append(methods, m)
		}
	}
	return methods
}

// refuseMethod answers a method that a source does not take, at its own route, in the shape of its format.
func (a *API) refuseMethod(w http.ResponseWriter, e *endpoint, s *source.Source) {
	f := formatOf(s)
	if f == nil {
		a.denied.count(unknown, e.label, "", auth.NoSource)
		a.refuse(w, e.label, e.answer, &receive.Refusal{Kind: receive.NotFound, Detail: "no such source"})
		return
	}
	w.Header().Set("Allow", strings.Join(methodsOf(s, f), ", "))
	a.refuse(w, e.label, f.Answer, &receive.Refusal{Kind: receive.WrongMethod})
}

// serveWrongMethod answers in the shape of the route that the path belongs to.
func (a *API) serveWrongMethod(w http.ResponseWriter, r *http.Request) {
	e, name, allowed := a.endpointAt(r)
	switch {
	case e == nil:
		e = &endpoint{label: otherRoute, answer: receive.Own{}}
	case e.format == nil:
		a.refuseMethod(w, e, a.sources.Named(name))
		return
	}
	w.Header().Set("Allow", strings.Join(allowed, ", "))
	a.refuse(w, e.label, e.answer, &receive.Refusal{Kind: receive.WrongMethod})
}

// endpointAt finds the endpoint of a path that is requested by a method it does not take, the source that the path names,
// and the methods that it does take.
func (a *API) endpointAt(r *http.Request) (found *endpoint, name string, allowed []string) {
	mux := a.router.(chi.Routes) //nolint:forcetypeassert // routes made it
	for _, m := range []string{http.MethodGet, http.MethodPost, http.MethodOptions} {
		ctx := chi.NewRouteContext()
		if mux.Match(ctx, m, r.URL.Path) {
			found, name = a.endpoints[ctx.RoutePattern()], ctx.URLParam("source")
			allowed = append(allowed, m)
		}
	}
	return found, name, allowed
}
