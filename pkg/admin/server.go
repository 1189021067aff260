// Package admin is a process's HTTP port for operators: /livez /readyz /metrics /version and PUT /loglevel. Every app
// opens one. It refuses anything that shows or changes events.
package admin

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/omnicapi/omnicapi/pkg/lifecycle"
	"github.com/omnicapi/omnicapi/pkg/version"
)

// Check is one named condition of readiness; nil means that it holds, and a Bearable error that it need not. /readyz shows the error's text, so it must have
// no personal data.
type Check struct {
	Name string
	Fn   func() error
}

// bearable is an error that does not make a process unready.
type bearable struct{ error }

// Bearable marks an error that /readyz shows though the process is ready; nil stays nil.
func Bearable(err error) error {
	if err == nil {
		return nil
	}
	return bearable{err}
}

// WithDisk adds the check "disk" to checks if the process keeps the log of Kafka itself.
func WithDisk(d lifecycle.Deps, checks ...Check) []Check {
	if d.Disk == nil {
		return checks
	}
	return append(checks, Check{Name: "disk", Fn: d.Disk})
}

// Server is the operators' HTTP server.
type Server struct {
	service  string
	level    *slog.LevelVar
	log      *slog.Logger
	checks   []Check
	draining atomic.Bool
	http     *http.Server
	addr     string
	served   chan struct{} // closed when Serve has returned; nil before Start
}

// New returns a server for level and reg, in which it puts the figures of readiness; Start listens. One server a registry.
func New(service, addr string, reg *prometheus.Registry, level *slog.LevelVar, log *slog.Logger, checks ...Check) *Server {
	s := &Server{service: service, level: level, log: log, checks: checks, addr: addr}
	reg.MustRegister(newReadyFigures(s))
	r := chi.NewRouter()
	r.Get("/livez", s.livez)
	r.Get("/readyz", s.readyz)
	r.Get("/version", version.Handler(service))
	r.Put("/loglevel", s.setLevel)
	r.Method(http.MethodGet, "/metrics", promhttp.HandlerFor(reg, promhttp.HandlerOpts{Registry: reg}))
	s.http = &http.Server{
		Handler:           r,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
		WriteTimeout:      30 * time.Second,
		IdleTimeout:       time.Minute,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	return s
}

// Handler returns the handler, so that tests can serve without a listener.
func (s *Server) Handler() http.Handler { return s.http.Handler }

// Start listens and serves in the background; a taken port is an error here.
func (s *Server) Start() error {
	l, err := lifecycle.Listen(context.Background(), s.service+".admin", s.addr)
	if err != nil {
		return err
	}
	s.addr = l.Addr().String()
	s.served = make(chan struct{})
	go func() {
		defer close(s.served)
		if err := s.http.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			s.log.Error("the operators' port ended", "error", err)
		}
	}()
	return nil
}

// Addr returns the host:port on which the started server listens.
func (s *Server) Addr() string { return s.addr }

// Drain makes /readyz answer 503. It is called before anything stops.
func (s *Server) Drain() { s.draining.Store(true) }

// Stop ends the server.
func (s *Server) Stop(ctx context.Context) error {
	if s.served == nil {
		return nil
	}
	err := s.http.Shutdown(ctx)
	if err != nil {
		err = errors.Join(err, s.http.Close())
	}
	<-s.served
	if err != nil {
		return fmt.Errorf("stopping the operators' port: %w", err)
	}
	return nil
}
