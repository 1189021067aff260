package graph

import (
	"encoding/json"
	"fmt"
	"net/http"
	"sync"

	"github.com/omnicapi/omnicapi/services/sandbox/internal/rule"
)

// Leads answers GET /v{N}/{leadgen id}: what people wrote into lead ads' forms. Fault rules hold for it too, with
// the lead's id as their dataset. Lead reads the id from the request's path.
type Leads struct {
	Access *Access
	Rules  *rule.Rules
	Lead   func(*http.Request) string

	mu    sync.RWMutex
	leads map[string]map[string]json.RawMessage
}

// Set replaces the leads: the answers of Meta's Graph API, by lead id.
func (l *Leads) Set(leads map[string]map[string]json.RawMessage) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.leads = leads
}

// ServeHTTP checks a request in Meta's order: (fail on purpose) → token → lead.
func (l *Leads) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	id := l.Lead(r)
	usage(w.Header(), id)
	if w = fail(w, r, l.Rules.Match(rule.Batch{Dataset: id})); w == nil {
		return
	}
	if no := l.Access.checkPage(bearer(r, r.URL.Query().Get("access_token"))); no != nil {
		refuse(w, no)
		return
	}
	l.mu.RLock()
	lead, found := l.leads[id]
	l.mu.RUnlock()
	if !found {
		refuse(w, unknownLead(id))
		return
	}
	body := map[string]any{"id": id}
	for k, v := range lead {
		body[k] = v
	}
	answer(w, http.StatusOK, body)
}

func unknownLead(id string) *refusal {
	return &refusal{http.StatusBadRequest, errorObject{
		Message: fmt.Sprintf("Unsupported get request. Object with ID '%s' does not exist, cannot be loaded due to missing permissions, or does not support this operation.", id),
		Type:    "GraphMethodException", Code: 100, Subcode: 33,
	}}
}
