// Package app wires the sandbox.
package app

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"path/filepath"
	"time"

	"github.com/omnicapi/omnicapi/pkg/config"
	"github.com/omnicapi/omnicapi/pkg/lifecycle"
	"github.com/omnicapi/omnicapi/services/sandbox/internal/meta"
)

// Run runs the sandbox until ctx ends. Right are the datasets' ids and tokens as they are now; without any, all are.
func Run(ctx context.Context, cfg *config.Config, d lifecycle.Deps) error {
	var tokens map[string][]string
	for _, ds := range cfg.Datasets {
		file := ds.TokenFile
		if !filepath.IsAbs(file) {
			file = filepath.Join(cfg.Dir, file)
		}
		secret, err := config.OpenSecret(file)
		if err != nil {
			return err
		}
		if tokens == nil {
			tokens = map[string][]string{}
		}
		tokens[ds.ID] = append(tokens[ds.ID], secret.Reveal())
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", cfg.Sandbox.Listen)
	if err != nil {
		return fmt.Errorf("listening: %w", err)
	}
	d.Log.Warn("this is a sandbox standing in for Meta: nothing is delivered", "addr", l.Addr().String())
	if d.Started != nil {
		d.Started("sandbox", l.Addr().String())
	}
	s := &http.Server{Handler: meta.New(tokens).Handler(), ReadHeaderTimeout: 5 * time.Second}
	group := lifecycle.New(d.Log)
	group.OnStop("http", s.Shutdown)
	group.Go("serve", func(ctx context.Context) error {
		go func() { <-ctx.Done(); _ = s.Close() }()
		if err := s.Serve(l); ctx.Err() == nil {
			return err
		}
		return nil
	})
	return group.Run(ctx)
}
