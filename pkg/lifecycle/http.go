package lifecycle

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"syscall"
	"time"
)

// drainWithin is the time for requests that are still being answered when a stop is asked for.
const drainWithin = StopWithin * 7 / 10

// Listen listens on an address of the configuration: host:port, :port, or "0" for any free port. Its error names the key of
// the configuration that says the address.
func Listen(ctx context.Context, key, addr string) (net.Listener, error) {
	if addr == "0" {
		addr = ":0"
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("listening on %s (%s): another process has this port: stop it or set %s, 0 picks a free one: %w", addr, key, key, err)
	case err != nil:
		return nil, fmt.Errorf("listening on %s (%s): %w", addr, key, err)
	}
	return l, nil
}

// Serve returns a part that answers requests until its context ends. Then it calls before (unless nil), finishes the
// requests that are being answered, and cuts off those that take too long.
func Serve(server *http.Server, l net.Listener, before func()) func(context.Context) error {
	return func(ctx context.Context) error {
		served := make(chan error, 1)
		go func() { served <- server.Serve(l) }()
		select {
		case err := <-served:
			return fmt.Errorf("serving: %w", err)
		case <-ctx.Done():
		}
		if before != nil {
			before()
		}
		within, cancel := context.WithTimeout(context.WithoutCancel(ctx), min(drainWithin, StopWithin-time.Second))
		defer cancel()
		err := server.Shutdown(within)
		if err != nil {
			err = errors.Join(fmt.Errorf("finishing requests: %w", err), server.Close())
		}
		if ended := <-served; !errors.Is(ended, http.ErrServerClosed) {
			err = errors.Join(err, fmt.Errorf("serving: %w", ended))
		}
		return err
	}
}
