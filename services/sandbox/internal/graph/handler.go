package graph

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/omnicapi/omnicapi/pkg/capi"
	"github.com/omnicapi/omnicapi/services/sandbox/internal/rule"
	"github.com/omnicapi/omnicapi/services/sandbox/internal/store"
)

// Handler answers POST /v{N}/{dataset id}/events. Dataset reads the id from the request's path.
type Handler struct {
	Access  *Access
	Rules   *rule.Rules
	Store   *store.Store
	Now     func() time.Time
	Dataset func(*http.Request) string
}

// ServeHTTP checks a request in Meta's order: read → (fail on purpose) → token → dataset → every event → accept.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	dataset := h.Dataset(r)
	h.Store.Requested(dataset)
	usage(w.Header(), dataset)
	q, err := read(r)
	if errors.Is(err, errTooLarge) {
		refuse(w, tooLarge())
		return
	}
	if err != nil {
		refuse(w, invalid(0, "Invalid parameter", err.Error()))
		return
	}
	accepted := h.describe(dataset, q)
	if w = fail(w, r, h.Rules.Match(batchOf(dataset, accepted))); w == nil {
		return
	}
	if no := h.check(dataset, q); no != nil {
		refuse(w, no)
		return
	}
	trace := traceID()
	for i := range accepted {
		accepted[i].FBTraceID = trace
	}
	h.Store.Accept(dataset, accepted)
	answer(w, http.StatusOK, map[string]any{"events_received": len(accepted), "messages": []string{}, "fbtrace_id": trace})
}

func (h *Handler) check(dataset string, q *request) *refusal {
	if no := h.Access.check(dataset, q.token, q.proof); no != nil {
		return no
	}
	if len(q.events) == 0 {
		return invalid(0, "Invalid parameter", "(#100) param data must be non-empty.")
	}
	if len(q.events) > capi.MaxEvents {
		return invalid(0, "Too Many Events", fmt.Sprintf("at most %d events a request", capi.MaxEvents))
	}
	for i, e := range q.events {
		if wrong := capi.CheckWire(e, h.Now()); wrong != nil {
			return badEvent(i, wrong, e)
		}
	}
	return nil
}

// describe reads the members of each event that rules and statistics need; they are empty for an event that cannot be read.
func (h *Handler) describe(dataset string, q *request) []store.Event {
	events := make([]store.Event, len(q.events))
	for i, raw := range q.events {
		var e struct {
			Name   any `json:"event_name"`
			ID     any `json:"event_id"`
			Custom struct {
				Value    json.Number `json:"value"`
				Currency string      `json:"currency"`
			} `json:"custom_data"`
		}
		_ = json.Unmarshal(raw, &e) // what is wrong with it is CheckWire's to say
		name, _ := e.Name.(string)
		id, _ := e.ID.(string)
		var compact bytes.Buffer
		if json.Compact(&compact, raw) != nil {
			compact.Reset()
		}
		events[i] = store.Event{
			ReceivedAt: h.Now(), Dataset: dataset, TestEventCode: q.testEventCode, ID: id, Name: name,
			Value: e.Custom.Value.String(), Currency: e.Custom.Currency, JSON: compact.Bytes(),
		}
	}
	return events
}

func batchOf(dataset string, events []store.Event) rule.Batch {
	b := rule.Batch{Dataset: dataset}
	for i := range events {
		b.IDs, b.Names = append(b.IDs, events[i].ID), append(b.Names, events[i].Name)
	}
	return b
}

// NotFound answers a path that the sandbox does not serve, as Meta's Graph API does.
func NotFound(w http.ResponseWriter, r *http.Request) { refuse(w, unknownPath(r.URL.Path)) }

func refuse(w http.ResponseWriter, no *refusal) {
	no.err.FBTraceID = traceID()
	answer(w, no.status, map[string]any{"error": no.err})
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json; charset=UTF-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // the caller may have gone
}

// traceID returns a new fbtrace_id that looks like Meta's.
func traceID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails (crypto/rand)
	return "A" + base64.RawURLEncoding.EncodeToString(b[:])
}

// usage sets the headers in which Meta says how much of its rate limits is used: little, unless a rule sets them.
func usage(header http.Header, dataset string) {
	header.Set("X-App-Usage", `{"call_count":1,"total_time":1,"total_cputime":1}`)
	header.Set("X-Business-Use-Case-Usage", fmt.Sprintf(
		`{%q:[{"type":"ads_management","call_count":1,"total_cputime":1,"total_time":1,"estimated_time_to_regain_access":0}]}`, dataset))
	header.Set("Facebook-API-Version", "v25.0")
}
