package httpapi

import (
	"net/http"
	"slices"
	"strings"

	"github.com/go-chi/chi/v5"

	"github.com/omnicapi/omnicapi/pkg/format"
	"github.com/omnicapi/omnicapi/pkg/format/all"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/pkg/topic"
	"github.com/omnicapi/omnicapi/services/ingest/internal/source"
)

// sourcePattern is where any source can be posted to.
const sourcePattern = "/v1/sources/{source:[a-z0-9-]+}"

// endpoint is one route with those who may post to it.
type endpoint struct {
	label      string // the pattern as people write it, and the metrics' route
	methods    []string
	format     *format.Format
	answer     receive.Answer
	browser    bool // pages post to it: CORS
	candidates source.Candidates
	ofChannel  map[string]source.Candidates // at a route with {channel}
}

// routes makes the router out of the list of formats.
func (a *API) routes() http.Handler {
	r := chi.NewRouter()
	for _, f := range a.formats {
		candidates := a.sources.Of(f.Name, "")
		for _, route := range f.Routes {
			e := &endpoint{
				label: plain(route.Pattern), methods: route.Methods, format: f, answer: route.Answer,
				browser: f.Browser, candidates: candidates,
			}
			if strings.Contains(route.Pattern, "{channel") {
				e.ofChannel = map[string]source.Candidates{}
				for _, c := range topic.Channels {
					e.ofChannel[c] = a.sources.Of(f.Name, c)
				}
			}
			a.mount(r, route.Pattern, e, func(w http.ResponseWriter, r *http.Request) { a.serveRoute(w, r, e) })
		}
	}
	source := &endpoint{label: plain(sourcePattern), methods: []string{http.MethodGet, http.MethodPost}, answer: receive.Own{}, browser: true}
	a.mount(r, sourcePattern, source, func(w http.ResponseWriter, r *http.Request) { a.serveSource(w, r, source) })
	r.NotFound(func(w http.ResponseWriter, r *http.Request) {
		a.answerOutside(w, r, "other", receive.Own{}, &receive.Refusal{Kind: receive.NotFound, Detail: "no such route"})
	})
	r.MethodNotAllowed(a.serveWrongMethod)
	return r
}

func (a *API) mount(r chi.Router, pattern string, e *endpoint, serve http.HandlerFunc) {
	a.endpoints[pattern] = e
	for _, m := range e.methods {
		r.Method(m, pattern, serve)
	}
	if e.browser {
		r.Method(http.MethodOptions, pattern, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { a.servePreflight(w, r, e) }))
	}
}

// serveRoute serves a format's own route.
func (a *API) serveRoute(w http.ResponseWriter, r *http.Request, e *endpoint) {
	candidates := e.candidates
	if e.ofChannel != nil {
		of, known := e.ofChannel[chi.URLParam(r, "channel")]
		if !known {
			a.answerOutside(w, r, e.label, e.answer, &receive.Refusal{Kind: receive.NotFound, Detail: "no such channel"})
			return
		}
		candidates = of
	}
	a.exchange(w, r, e, e.format, e.answer, candidates, "")
}

// serveSource serves a source by its name, in its format.
func (a *API) serveSource(w http.ResponseWriter, r *http.Request, e *endpoint) {
	s := a.sources.Named(chi.URLParam(r, "source"))
	f := a.formatOf(s)
	if f == nil || !takes(f, r.Method) {
		a.refuseMethod(w, r, e, s)
		return
	}
	a.exchange(w, r, e, f, f.Answer, source.Candidates{s}, s.Name)
}

// refuseMethod answers a method that a source does not take, at its own route, in the words of its format.
func (a *API) refuseMethod(w http.ResponseWriter, r *http.Request, e *endpoint, s *source.Source) {
	f := a.formatOf(s)
	if f == nil {
		a.answerOutside(w, r, e.label, e.answer, &receive.Refusal{Kind: receive.NotFound, Detail: "no such source"})
		return
	}
	w.Header().Set("Allow", strings.Join(methodsOf(s, f), ", "))
	a.answerOutside(w, r, e.label, f.Answer, &receive.Refusal{Kind: receive.WrongMethod})
}

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

func (a *API) formatOf(s *source.Source) *format.Format {
	if s == nil {
		return nil
	}
	return all.Named(s.Format)
}

// serveWrongMethod answers in the words of the route that the path belongs to.
func (a *API) serveWrongMethod(w http.ResponseWriter, r *http.Request) {
	e, source, allowed := a.endpointAt(r)
	switch {
	case e == nil:
		e = &endpoint{label: "other", answer: receive.Own{}}
	case e.format == nil:
		a.refuseMethod(w, r, e, a.sources.Named(source))
		return
	}
	w.Header().Set("Allow", strings.Join(allowed, ", "))
	a.answerOutside(w, r, e.label, e.answer, &receive.Refusal{Kind: receive.WrongMethod})
}

// endpointAt finds who would serve the path by another method, and by which; source is the one that the path names.
func (a *API) endpointAt(r *http.Request) (found *endpoint, source string, allowed []string) {
	mux := a.router.(chi.Routes)
	for _, m := range []string{http.MethodGet, http.MethodPost, http.MethodOptions} {
		ctx := chi.NewRouteContext()
		if mux.Match(ctx, m, r.URL.Path) {
			found, source = a.endpoints[ctx.RoutePattern()], ctx.URLParam("source")
			allowed = append(allowed, m)
		}
	}
	return found, source, allowed
}

// plain is a pattern without the expressions of its parameters: /v{version}/{dataset}/events.
func plain(pattern string) string {
	var b strings.Builder
	depth, inName := 0, false
	for _, c := range pattern {
		switch {
		case c == '{':
			if depth++; depth == 1 {
				inName = true
				b.WriteRune(c)
			}
		case c == '}':
			if depth--; depth == 0 {
				b.WriteRune(c)
			}
		case c == ':' && depth == 1:
			inName = false
		case depth == 0 || inName:
			b.WriteRune(c)
		}
	}
	return b.String()
}
