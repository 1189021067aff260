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

// readyURL is where the running service of a configuration says whether it is ready. Images without a shell have no
// other way to be asked than their own binary.
func readyURL(cfg *config.Config, role config.Role) string {
	switch role {
	case config.RoleIngest:
		return "http://" + local(cfg.Ingest.Admin) + "/readyz"
	case config.RoleNormalizer:
		return "http://" + local(cfg.Normalizer.Admin) + "/readyz"
	case config.RoleForwarder:
		return "http://" + local(cfg.Forwarder.Admin) + "/readyz"
	default:
		return "http://" + local(cfg.Sandbox.Listen) + "/livez"
	}
}

// local turns an address to listen on into one to dial.
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

// askReady is nil if the service says that it is ready; else the error holds its own words.
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
