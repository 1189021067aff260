package httpapi

import (
	"net/http"
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

// otherRoute is the route label of requests to no route of ours.
const otherRoute = "other"

// endpoint is one route with the sources that may be posted to there.
type endpoint struct {
	label      string // the pattern as people write it, and the metrics' route
	methods    []string
	format     *format.Format // nil at sourcePattern: the source says it
	answer     receive.Answer
	browser    bool // pages post to it: CORS
	once       bool // what is posted to it is not repeated
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
				label: plain(route.Pattern), methods: route.Methods, format: f, answer: f.AnswerAt(&route),
				browser: f.Browser, once: f.NoRetryAt(&route), candidates: candidates,
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
	named := &endpoint{label: plain(sourcePattern), methods: []string{http.MethodGet, http.MethodPost}, answer: receive.Own{}, browser: true}
	a.mount(r, sourcePattern, named, func(w http.ResponseWriter, r *http.Request) { a.serveSource(w, r, named) })
	r.NotFound(func(w http.ResponseWriter, _ *http.Request) {
		a.refuse(w, otherRoute, receive.Own{}, &receive.Refusal{Kind: receive.NotFound, Detail: "no such route"})
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
			a.refuse(w, e.label, e.answer, &receive.Refusal{Kind: receive.NotFound, Detail: "no such channel"})
			return
		}
		candidates = of
	}
	a.exchange(w, r, target{route: e.label, format: e.format, answer: e.answer, candidates: candidates, once: e.once})
}

// serveSource serves a source by its name, in its format.
func (a *API) serveSource(w http.ResponseWriter, r *http.Request, e *endpoint) {
	s := a.sources.Named(chi.URLParam(r, "source"))
	f := formatOf(s)
	if f == nil || !takes(f, r.Method) {
		a.refuseMethod(w, e, s)
		return
	}
	a.exchange(w, r, atSource(e, s, f))
}

// atSource is the target of a request to a source's own route.
func atSource(e *endpoint, s *source.Source, f *format.Format) target {
	return target{route: e.label, format: f, answer: f.Answer, candidates: source.Candidates{s}, name: s.Name, once: f.NoRetry}
}

// formatOf is the format of a source, nil without a source.
func formatOf(s *source.Source) *format.Format {
	if s == nil {
		return nil
	}
	return all.Named(s.Format)
}

// plain is a pattern without the regular expressions of its parameters: /v{version}/{dataset}/events.
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
