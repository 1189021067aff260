// Package control is the sandbox's own routes under /_sandbox: what arrived, figures, tokens, faults. People and tests
// call them. It refuses unknown members, so that a mistyped rule is an error and not a rule that never matches.
package control

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/omnicapi/omnicapi/pkg/admin"
	"github.com/omnicapi/omnicapi/services/sandbox/internal/graph"
	"github.com/omnicapi/omnicapi/services/sandbox/internal/rule"
	"github.com/omnicapi/omnicapi/services/sandbox/internal/store"
)

// Control serves the routes under /_sandbox.
type Control struct {
	Access *graph.Access
	Rules  *rule.Rules
	Store  *store.Store
	Leads  *graph.Leads
	Log    *slog.Logger
}

// Routes adds the control routes to two routers of the same path: what shows something, and what changes something.
func (c *Control) Routes(show, change chi.Router) {
	show.Get("/events", c.events)
	show.Get("/stats", c.stats)
	show.Get("/faults", c.faults)
	change.Delete("/events", c.forget)
	change.Put("/tokens", c.setTokens)
	change.Put("/leads", c.setLeads)
	change.Put("/faults", c.setFaults)
	change.Delete("/faults", c.clearFaults)
}

// changed says in the log who changed something, and how much of what: never a token or an event.
func (c *Control) changed(r *http.Request, what string, n int) {
	c.Log.With(admin.Who(r)...).Info("the sandbox is changed", what, n)
}

// eventLine is one accepted event as GET /_sandbox/events writes it.
type eventLine struct {
	ReceivedAt    time.Time       `json:"received_at"`
	FBTraceID     string          `json:"fbtrace_id"`
	Dataset       string          `json:"dataset"`
	TestEventCode string          `json:"test_event_code"`
	Event         json.RawMessage `json:"event"`
}

func (c *Control) events(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	limit := -1
	if text := q.Get("limit"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 0 {
			http.Error(w, "limit: a number, not negative", http.StatusBadRequest)
			return
		}
		limit = n
	}
	fields := q.Get("fields")
	if fields != "" && fields != "event_id" {
		http.Error(w, "fields: event_id, or left out", http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "application/x-ndjson")
	out := bufio.NewWriterSize(w, 64<<10)
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	for e := range c.Store.Events(store.Filter{Dataset: q.Get("dataset"), EventID: q.Get("event_id"), EventName: q.Get("event_name")}) {
		if limit == 0 {
			break
		}
		limit--
		var v any = eventLine{e.ReceivedAt.UTC(), e.FBTraceID, e.Dataset, e.TestEventCode, e.JSON}
		if fields == "event_id" {
			v = map[string]string{"event_id": e.ID}
		}
		if encoder.Encode(v) != nil {
			return // the caller has gone
		}
	}
	_ = out.Flush() // the caller may have gone
}

func (c *Control) forget(w http.ResponseWriter, r *http.Request) {
	c.changed(r, "events_forgotten", c.Store.Forget())
	w.WriteHeader(http.StatusNoContent)
}

func (c *Control) stats(w http.ResponseWriter, _ *http.Request) { writeJSON(w, c.Store.Stats()) }

func (c *Control) setTokens(w http.ResponseWriter, r *http.Request) {
	var tokens map[string][]string
	if err := json.NewDecoder(io.LimitReader(r.Body, 1<<20)).Decode(&tokens); err != nil || tokens == nil {
		http.Error(w, `tokens: write {"<dataset id>":["token"]}`, http.StatusBadRequest)
		return
	}
	pages, ofPages := tokens[pagesKey]
	if ofPages {
		c.Access.SetPages(pages)
		delete(tokens, pagesKey)
	}
	if len(tokens) > 0 || !ofPages {
		c.Access.SetTokens(tokens)
	}
	n := len(pages)
	for _, list := range tokens {
		n += len(list)
	}
	c.changed(r, "tokens", n)
	w.WriteHeader(http.StatusNoContent)
}

// pagesKey stands in place of a dataset id where tokens are set: its tokens are the page tokens, which may read leads.
const pagesKey = "pages"

func (c *Control) setLeads(w http.ResponseWriter, r *http.Request) {
	var leads map[string]map[string]json.RawMessage
	if err := json.NewDecoder(io.LimitReader(r.Body, 16<<20)).Decode(&leads); err != nil || leads == nil {
		http.Error(w, `leads: write {"<leadgen id>":{"field_data":[{"name":"email","values":["…"]}]}}`, http.StatusBadRequest)
		return
	}
	c.Leads.Set(leads)
	c.changed(r, "leads", len(leads))
	w.WriteHeader(http.StatusNoContent)
}

func (c *Control) faults(w http.ResponseWriter, _ *http.Request) {
	list := c.Rules.List()
	if list == nil {
		list = []rule.Rule{}
	}
	writeJSON(w, list)
}

func (c *Control) setFaults(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	if err != nil {
		return // the caller has gone
	}
	list, err := rule.Parse(body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	c.Rules.Set(list)
	c.changed(r, "rules", len(list))
	w.WriteHeader(http.StatusNoContent)
}

func (c *Control) clearFaults(w http.ResponseWriter, r *http.Request) {
	c.Rules.Set(nil)
	c.changed(r, "rules", 0)
	w.WriteHeader(http.StatusNoContent)
}

func writeJSON(w http.ResponseWriter, v any) {
	text, err := json.Marshal(v)
	if err != nil {
		http.Error(w, fmt.Sprintf("encoding: %v", err), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(append(text, '\n')) // the caller may have gone
}
