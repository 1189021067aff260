package admin

import (
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"strings"
)

func (s *Server) livez(w http.ResponseWriter, _ *http.Request) {
	reply(w, http.StatusOK, map[string]string{"status": "live"})
}

func (s *Server) readyz(w http.ResponseWriter, _ *http.Request) {
	body := s.readiness()
	status := http.StatusOK
	if !body.Ready {
		status = http.StatusServiceUnavailable
	}
	reply(w, status, body)
}

// setLevel sets the log level to the request's body: debug, info, warn or error, plain or as {"level":"debug"}.
func (s *Server) setLevel(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 256))
	if err != nil {
		problem(w, http.StatusBadRequest, "the body can't be read")
		return
	}
	text := strings.TrimSpace(string(body))
	var asJSON struct {
		Level string `json:"level"`
	}
	if json.Unmarshal(body, &asJSON) == nil && asJSON.Level != "" {
		text = asJSON.Level
	}
	var level slog.Level
	switch strings.ToLower(text) {
	case "debug", "info", "warn", "error":
		err = level.UnmarshalText([]byte(text))
	default:
		problem(w, http.StatusBadRequest, "the body must be debug, info, warn or error")
		return
	}
	if err != nil {
		problem(w, http.StatusBadRequest, "the body must be debug, info, warn or error")
		return
	}
	from := s.level.Level()
	s.level.Set(min(from, level)) // so that the line is seen
	s.log.With(Who(r)...).Warn("log level set", "from", from.String(), "to", level.String())
	s.level.Set(level)
	reply(w, http.StatusOK, map[string]string{"level": strings.ToLower(level.String())})
}

func reply(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	write(w, status, body)
}

func problem(w http.ResponseWriter, status int, detail string) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.Header().Set("Cache-Control", "no-store")
	write(w, status, map[string]any{"title": http.StatusText(status), "status": status, "detail": detail})
}

func write(w http.ResponseWriter, status int, body any) {
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // the caller is gone: nobody to tell
}
