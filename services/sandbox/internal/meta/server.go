// Package meta is Meta's events endpoint for rehearsal: it refuses what Meta refuses, the whole request included, and
// keeps what it accepts in memory until DELETE. The sandbox app runs it. It sends nothing anywhere.
package meta

import (
	"crypto/rand"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/omnicapi/omnicapi/pkg/capi"
)

const maxBody = 16 << 20

// Server holds what was accepted. Tokens are the right ones by dataset id; nil takes any.
type Server struct {
	mu     sync.Mutex
	tokens map[string][]string
	kept   []kept
}

type kept struct {
	ReceivedAt    time.Time       `json:"received_at"`
	FBTraceID     string          `json:"fbtrace_id"`
	Dataset       string          `json:"dataset"`
	TestEventCode string          `json:"test_event_code"`
	Event         json.RawMessage `json:"event"`
	id            string
}

// New returns an empty server.
func New(tokens map[string][]string) *Server { return &Server{tokens: tokens} }

// Handler is Meta's route and the controls.
func (s *Server) Handler() http.Handler {
	r := chi.NewRouter()
	r.Post("/{version}/{id}/events", s.events)
	r.Get("/_sandbox/events", s.list)
	r.Delete("/_sandbox/events", func(w http.ResponseWriter, _ *http.Request) {
		s.mu.Lock()
		s.kept = nil
		s.mu.Unlock()
		w.WriteHeader(http.StatusNoContent)
	})
	r.Get("/livez", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "ok\n") })
	return r
}

func (s *Server) refuse(w http.ResponseWriter, status, code, subcode int, message string) {
	e := map[string]any{"message": message, "type": "OAuthException", "code": code, "fbtrace_id": rand.Text()}
	if subcode != 0 {
		e["error_subcode"] = subcode
	}
	answer(w, status, map[string]any{"error": e})
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-App-Usage", `{"call_count":1,"total_time":1,"total_cputime":1}`)
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

func (s *Server) events(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		http.Error(w, "request entity too large", http.StatusRequestEntityTooLarge)
		return
	}
	var q struct {
		Data  json.RawMessage `json:"data"`
		Token string          `json:"access_token"`
		Code  string          `json:"test_event_code"`
	}
	if strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		form, _ := url.ParseQuery(string(body))
		q.Data, q.Token, q.Code = json.RawMessage(form.Get("data")), form.Get("access_token"), form.Get("test_event_code")
	} else if json.Unmarshal(body, &q) != nil {
		s.refuse(w, 400, 100, 0, "(#100) The body is no valid JSON")
		return
	}
	if bearer, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		q.Token = bearer
	} else if q.Token == "" {
		q.Token = r.URL.Query().Get("access_token")
	}
	dataset := chi.URLParam(r, "id")
	if status, code, sub := s.allowed(dataset, q.Token); status != 0 {
		s.refuse(w, status, code, sub, "The dataset or the access token is wrong")
		return
	}
	var data []json.RawMessage
	if json.Unmarshal(q.Data, &data) != nil || len(data) == 0 || len(data) > capi.MaxEvents {
		s.refuse(w, 400, 100, 0, "(#100) data must be a list of 1 to 1000 events")
		return
	}
	trace, now := "A"+rand.Text(), time.Now()
	batch := make([]kept, len(data))
	for i, event := range data {
		var text string
		if json.Unmarshal(event, &text) == nil {
			event = json.RawMessage(text)
		}
		if e := capi.CheckWire(event, now); e != nil {
			s.refuse(w, 400, e.Code, e.Subcode, e.Title)
			return
		}
		var id struct {
			EventID string `json:"event_id"`
		}
		_ = json.Unmarshal(event, &id)
		batch[i] = kept{now, trace, dataset, q.Code, event, id.EventID}
	}
	s.mu.Lock()
	s.kept = append(s.kept, batch...)
	s.mu.Unlock()
	answer(w, 200, map[string]any{"events_received": len(data), "messages": []string{}, "fbtrace_id": trace})
}

// allowed is the refusal of a dataset and token; status 0: none.
func (s *Server) allowed(dataset, token string) (status, code, subcode int) {
	known := s.tokens == nil && token != ""
	for id, tokens := range s.tokens {
		for _, t := range tokens {
			if t == token && id == dataset {
				return 0, 0, 0
			}
			known = known || t == token
		}
	}
	switch {
	case !known:
		return 401, 190, 0
	case s.tokens == nil:
		return 0, 0, 0
	}
	return 400, 100, 33
}

func (s *Server) list(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	s.mu.Lock()
	all := s.kept
	s.mu.Unlock()
	out := json.NewEncoder(w)
	for i := range all {
		k := &all[i]
		if (q.Get("dataset") != "" && q.Get("dataset") != k.Dataset) || (q.Get("event_id") != "" && q.Get("event_id") != k.id) {
			continue
		}
		var line any = k
		if q.Get("fields") == "event_id" {
			line = map[string]string{"event_id": k.id}
		}
		if out.Encode(line) != nil {
			return
		}
	}
}
