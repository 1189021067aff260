package app

import (
	"io"
	"net/http"

	"github.com/go-chi/chi/v5"

	"github.com/omnicapi/omnicapi/pkg/admin"
	"github.com/omnicapi/omnicapi/pkg/version"
	"github.com/omnicapi/omnicapi/services/sandbox/internal/control"
	"github.com/omnicapi/omnicapi/services/sandbox/internal/graph"
)

// routes returns the handler of Meta's endpoints, which are for forwarders as Meta's are, and of the sandbox's own routes, which the
// guard watches.
func routes(guard *admin.Guard, events *graph.Handler, leads *graph.Leads, controls *control.Control) http.Handler {
	r := chi.NewRouter()
	r.Post(`/{version:v\d+(?:\.\d+)?}/{dataset:\d+}/events`, events.ServeHTTP)
	r.Get(`/{version:v\d+(?:\.\d+)?}/{lead:\d+}`, leads.ServeHTTP)
	own := r.With(guard.Address)
	own.Route("/_sandbox", func(r chi.Router) { controls.Routes(r.With(guard.Private), r.With(guard.Change)) })
	own.Get("/livez", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "ok\n") // the caller may have gone
	})
	own.Get("/version", version.Handler("sandbox"))
	r.NotFound(graph.NotFound)
	r.MethodNotAllowed(graph.NotFound)
	return r
}

func datasetOf(r *http.Request) string { return chi.URLParam(r, "dataset") }

func leadOf(r *http.Request) string { return chi.URLParam(r, "lead") }
