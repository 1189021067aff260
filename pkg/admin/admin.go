// Package admin is the operators' port of a process: /livez /readyz /metrics /version and PUT /loglevel. Every app wires
// one. It refuses anything that shows or changes events.
package admin

import (
	"context"
	"log/slog"

	"github.com/prometheus/client_golang/prometheus"
)

// THIS FILE IS THE AGREED API; the owner of pkg/admin completes it.

// Check is one named condition of readiness; nil is good. Its error text is shown: no personal data.
type Check struct {
	Name string
	Fn   func() error
}

// Server is the operators' HTTP server.
type Server struct{}

// New returns a server for reg and level; Start listens.
func New(service, addr string, reg *prometheus.Registry, level *slog.LevelVar, log *slog.Logger, checks ...Check) *Server {
	panic("unbuilt")
}

// Start listens and serves in the background; a taken port is an error here.
func (s *Server) Start() error { panic("unbuilt") }

// Addr is host:port once started.
func (s *Server) Addr() string { panic("unbuilt") }

// Drain turns /readyz to 503 before anything stops.
func (s *Server) Drain() { panic("unbuilt") }

// Stop ends the server.
func (s *Server) Stop(ctx context.Context) error { panic("unbuilt") }

// NewRegistry returns a registry with the Go and process collectors and omnicapi_config_info{hash}.
func NewRegistry(configHash string) *prometheus.Registry { panic("unbuilt") }
