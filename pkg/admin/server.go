// Package admin is a process's HTTP port for operators: /livez /readyz /metrics /version and PUT /loglevel, and the one rule of who
// may change something there (Guard), which the sandbox has too. Every app opens one. It refuses anything that changes events; what shows
// them, an app mounts behind the guard (Mount).
package admin

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/omnicapi/omnicapi/pkg/config"
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

// Server is the operators' HTTP server, and the one for scraping if it has an address of its own.
type Server struct {
	service  string
	level    *slog.LevelVar
	log      *slog.Logger
	reg      *prometheus.Registry
	guard    *Guard
	checks   []Check
	mounted  map[string]http.Handler
	draining atomic.Bool
	addr     string
	scraped  string // where what is for scraping is served, too; "": nowhere else
	running  []running
}

// running is a server that listens.
type running struct {
	http   *http.Server
	served chan struct{} // closed when Serve has returned
}

// New returns a server for level and reg, in which it puts the figures of readiness; Start listens. One server a registry.
func New(service, addr string, reg *prometheus.Registry, level *slog.LevelVar, log *slog.Logger, checks ...Check) *Server {
	s := &Server{service: service, level: level, log: log, reg: reg, guard: newGuard(addr, log), checks: checks, addr: addr}
	reg.MustRegister(newReadyFigures(s))
	return s
}

// With makes the server know the operators' tokens and the names of this host, and serve what is for scraping at an address of its
// own, too, unless that is "". It comes before Start.
func (s *Server) With(o config.Operators, scraped string) error {
	guard, err := NewGuard(o, s.addr, s.log)
	if err != nil {
		return err
	}
	if host, _, err := net.SplitHostPort(scraped); err == nil && host != "" {
		guard.names = append(guard.names, strings.ToLower(host))
	}
	s.guard, s.scraped = guard, scraped
	return nil
}

// Mount serves h below a path of the operators' port, for whoever may read what is private (Guard.Private). It comes before Start.
func (s *Server) Mount(path string, h http.Handler) {
	if s.mounted == nil {
		s.mounted = map[string]http.Handler{}
	}
	s.mounted[path] = h
}

// Handler returns the handler of the operators' port, so that tests can serve it themselves; their server needs ConnContext.
func (s *Server) Handler() http.Handler {
	r := s.open()
	r.With(s.guard.Change).Put("/loglevel", s.setLevel)
	for path, h := range s.mounted {
		r.With(s.guard.Private).Mount(path, h)
	}
	return r
}

// open has the routes that need no proof: what is for scraping.
func (s *Server) open() *chi.Mux {
	r := chi.NewRouter()
	r.Use(s.guard.Address)
	r.Get("/livez", s.livez)
	r.Get("/readyz", s.readyz)
	r.Get("/version", version.Handler(s.service))
	r.Method(http.MethodGet, "/metrics", promhttp.HandlerFor(s.reg, promhttp.HandlerOpts{Registry: s.reg}))
	return r
}

// Start listens and serves in the background; a taken port is an error here, and nothing is served then.
func (s *Server) Start() error {
	operators, err := listen(s.service+".admin", s.addr)
	if err != nil {
		return err
	}
	s.addr = operators.Addr().String()
	if s.scraped != "" {
		scraped, err := listen(s.service+".metrics", s.scraped)
		if err != nil {
			return errors.Join(err, operators.Close())
		}
		s.scraped = scraped.Addr().String()
		s.serve(scraped, s.open())
	}
	s.serve(operators, s.Handler())
	return nil
}

// listen listens on this machine if nothing but a port is said.
func listen(key, addr string) (net.Listener, error) {
	if addr == "0" {
		addr = "127.0.0.1:0"
	}
	return lifecycle.Listen(context.Background(), key, addr)
}

func (s *Server) serve(l net.Listener, h http.Handler) {
	r := running{served: make(chan struct{}), http: &http.Server{
		Handler:           h,
		ConnContext:       ConnContext,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
		WriteTimeout:      30 * time.Second,
		IdleTimeout:       time.Minute,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          slog.NewLogLogger(s.log.Handler(), slog.LevelWarn),
	}}
	s.running = append(s.running, r)
	go func() {
		defer close(r.served)
		if err := r.http.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			s.log.Error("the operators' port ended", "error", err)
		}
	}()
}

// Addr returns the host:port on which the started server listens.
func (s *Server) Addr() string { return s.addr }

// Announce tells d of the addresses: "<service> admin", and "<service> metrics" where what is for scraping has its own.
func (s *Server) Announce(d lifecycle.Deps) {
	d.Announce(s.service+" admin", s.addr)
	if s.scraped != "" {
		d.Announce(s.service+" metrics", s.scraped)
	}
}

// Drain makes /readyz answer 503. It is called before anything stops.
func (s *Server) Drain() { s.draining.Store(true) }

// Stop ends the server.
func (s *Server) Stop(ctx context.Context) error {
	var failed error
	for _, r := range s.running {
		err := r.http.Shutdown(ctx)
		if err != nil {
			err = errors.Join(err, r.http.Close())
		}
		<-r.served
		failed = errors.Join(failed, err)
	}
	if failed != nil {
		return fmt.Errorf("stopping the operators' port: %w", failed)
	}
	return nil
}
