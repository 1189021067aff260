// Package app puts the sandbox together: Meta's endpoint for rehearsal. The sandbox's own main and `omnicapi` run it.
package app

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/omnicapi/omnicapi/pkg/admin"
	"github.com/omnicapi/omnicapi/pkg/config"
	"github.com/omnicapi/omnicapi/pkg/lifecycle"
	"github.com/omnicapi/omnicapi/services/sandbox/internal/control"
	"github.com/omnicapi/omnicapi/services/sandbox/internal/graph"
	"github.com/omnicapi/omnicapi/services/sandbox/internal/rule"
	"github.com/omnicapi/omnicapi/services/sandbox/internal/store"
)

// Run serves until ctx ends. It calls d.Started with the listener's name, "sandbox", and its address.
func Run(ctx context.Context, cfg *config.Config, d lifecycle.Deps) error {
	access, err := graph.NewAccess(cfg.Datasets, cfg.Sources)
	if err != nil {
		return fmt.Errorf("reading the right tokens: %w", err)
	}
	guard, err := admin.NewGuard(cfg.Operators, cfg.Sandbox.Listen, d.Log)
	if err != nil {
		return err
	}
	kept, rules := store.New(cfg.Sandbox.Keep), &rule.Rules{}

	listener, err := lifecycle.Listen(ctx, "sandbox.listen", cfg.Sandbox.Listen)
	if err != nil {
		return err
	}
	hanging, release := context.WithCancel(context.WithoutCancel(ctx)) // ends the requests that a rule lets hang
	defer release()
	leads := &graph.Leads{Access: access, Rules: rules, Lead: leadOf}
	server := &http.Server{
		Handler: routes(
			guard,
			&graph.Handler{Access: access, Rules: rules, Store: kept, Now: time.Now, Dataset: datasetOf},
			leads,
			&control.Control{Access: access, Rules: rules, Store: kept, Leads: leads, Log: d.Log},
		),
		ReadHeaderTimeout: 5 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		BaseContext:       func(net.Listener) context.Context { return hanging },
		ConnContext:       admin.ConnContext,
		ErrorLog:          slog.NewLogLogger(d.Log.Handler(), slog.LevelWarn),
	}
	d.Log.Warn("THIS IS A SANDBOX: it stands in for Meta, and nothing that it accepts reaches Meta", "listen", listener.Addr().String())
	if opened(listener.Addr()) && !guard.HasTokens() {
		d.Log.Warn("everybody who reaches this port may read what the sandbox accepted, hashed persons among it: "+
			"set operators.token_files, or let sandbox.listen be of this machine", "listen", listener.Addr().String())
	}
	d.Announce("sandbox", listener.Addr().String())

	group := lifecycle.New(d.Log)
	group.Go("secrets", config.WatchSecrets(d.Log, cfg.Operators.TokenFiles, config.RefusesToken, func(int) {}))
	group.Go("sandbox", lifecycle.Serve(server, listener, release))
	return group.Run(ctx)
}

// opened says whether other machines may reach an address that is listened on.
func opened(a net.Addr) bool {
	tcp, ok := a.(*net.TCPAddr)
	return !ok || !tcp.IP.IsLoopback()
}
