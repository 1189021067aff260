package lifecycle

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/omnicapi/omnicapi/pkg/config"
)

// readyURL returns the URL at which the running service of this configuration says whether it is ready. --ready asks
// it, since in an image without a shell only the service's own binary can.
func readyURL(cfg *config.Config, role config.Role) string {
	switch role {
	case config.RoleIngest:
		return "http://" + local(cfg.Ingest.Admin) + "/readyz"
	case config.RoleNormalizer:
		return "http://" + local(cfg.Normalizer.Admin) + "/readyz"
	case config.RoleForwarder:
		return "http://" + local(cfg.Forwarder.Admin) + "/readyz"
	case config.RoleLedger:
		return "http://" + local(cfg.Ledger.Admin) + "/readyz"
	default:
		return "http://" + local(cfg.Sandbox.Listen) + "/livez"
	}
}

// local turns an address to listen on into an address to dial.
func local(listen string) string {
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		return listen
	}
	if ip := net.ParseIP(host); host == "" || (ip != nil && ip.IsUnspecified()) {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, port)
}

// askReady returns nil if the service says that it is ready; else the error contains the service's answer.
func askReady(ctx context.Context, url string) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return fmt.Errorf("asking whether it is ready: %w", err)
	}
	res, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(req)
	if err != nil {
		return fmt.Errorf("asking whether it is ready: %w", err)
	}
	defer res.Body.Close()
	words, err := io.ReadAll(io.LimitReader(res.Body, 4096))
	if err != nil {
		return fmt.Errorf("reading whether it is ready: %w", err)
	}
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("not ready: %s", words)
	}
	return nil
}
