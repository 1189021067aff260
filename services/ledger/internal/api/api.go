// Package api answers what became of an event and what the sums are, as JSON. It refuses to change anything, and holds nothing that
// the index does not.
package api

import (
	_ "embed"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/omnicapi/omnicapi/pkg/topic"
	"github.com/omnicapi/omnicapi/services/ledger/internal/index"
	"github.com/omnicapi/omnicapi/services/ledger/internal/reader"
)

// Path is where the API is mounted.
const Path = "/api/v1"

//go:embed openapi.yaml
var openapi []byte

// Options are what the API asks.
type Options struct {
	Store     index.Store
	Names     topic.Names
	Retention time.Duration
	Outcomes  func() reader.Progress
	Letters   func() reader.Progress
	Dataset   func(source string) string // where a source's events go; "": not known
	Log       *slog.Logger
	Now       func() time.Time // nil: the clock
}

type api struct{ Options }

// New returns the handler of the routes below Path; openapi.yaml describes them.
func New(o Options) http.Handler {
	if o.Now == nil {
		o.Now = time.Now
	}
	return (&api{o}).routes()
}

func (a *api) routes() *chi.Mux {
	r := chi.NewRouter()
	r.Get("/events/{event_id}", a.event)
	r.Get("/events", a.events)
	r.Get("/books", a.books)
	r.Get("/status", a.status)
	r.Get("/openapi.yaml", func(w http.ResponseWriter, _ *http.Request) {
		head(w, "application/yaml")
		_, _ = w.Write(openapi) // the caller may have gone
	})
	r.NotFound(func(w http.ResponseWriter, _ *http.Request) {
		problem(w, http.StatusNotFound, "there is no such page: GET "+Path+"/openapi.yaml lists them")
	})
	r.MethodNotAllowed(func(w http.ResponseWriter, _ *http.Request) {
		problem(w, http.StatusMethodNotAllowed, "this is only read: use GET")
	})
	return r
}

// asOf is when both topics were read to their ends; zero: one of them was not yet.
func (a *api) asOf() time.Time {
	o, l := a.Outcomes().AsOf, a.Letters().AsOf
	if l.Before(o) {
		return l
	}
	return o
}

// failed answers that the index cannot be read.
func (a *api) failed(w http.ResponseWriter, err error) {
	a.Log.Error("answering a question", "error", err)
	if errors.Is(err, index.ErrDamaged) {
		problem(w, http.StatusServiceUnavailable, index.ErrDamaged.Error()+": start the ledger again, and it builds it anew from Kafka")
		return
	}
	problem(w, http.StatusInternalServerError, "the index cannot be read: the ledger's log says why")
}

func head(w http.ResponseWriter, contentType string) {
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
}

func reply(w http.ResponseWriter, body any) {
	text, err := json.Marshal(body)
	if err != nil { // a value that is no number: nothing that the index holds
		problem(w, http.StatusInternalServerError, "the answer cannot be written as JSON")
		return
	}
	head(w, "application/json")
	_, _ = w.Write(append(text, '\n')) // the caller may have gone
}

func problem(w http.ResponseWriter, status int, detail string) {
	head(w, "application/problem+json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]any{"title": http.StatusText(status), "status": status, "detail": detail}) // the caller may have gone
}

// known says which parameters of a query a route has, and answers what is wrong: a name that it has not, or one that is there twice.
func known(w http.ResponseWriter, r *http.Request, names ...string) (url.Values, bool) {
	q, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		problem(w, http.StatusBadRequest, "the query cannot be read: encode & = % and ; in values")
		return nil, false
	}
	for name, values := range q {
		if !slices.Contains(names, name) {
			problem(w, http.StatusBadRequest, "a parameter is not known: "+strings.Join(names, ", ")+" are")
			return nil, false
		}
		if len(values) > 1 {
			problem(w, http.StatusBadRequest, name+" is there more than once")
			return nil, false
		}
	}
	return q, true
}
