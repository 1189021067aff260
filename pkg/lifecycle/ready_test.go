package lifecycle

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/omnicapi/omnicapi/pkg/config"
)

func TestAskReady(t *testing.T) {
	ready := true
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if !ready {
			w.WriteHeader(http.StatusServiceUnavailable)
			_, _ = w.Write([]byte(`{"kafka":"connection refused"}`))
		}
	}))
	defer s.Close()
	if err := askReady(t.Context(), s.URL+"/readyz"); err != nil {
		t.Errorf("ready: %v", err)
	}
	ready = false
	if err := askReady(t.Context(), s.URL+"/readyz"); err == nil || !strings.Contains(err.Error(), "connection refused") {
		t.Errorf("not ready: %v", err)
	}
	s.Close()
	if err := askReady(t.Context(), s.URL+"/readyz"); err == nil {
		t.Error("nobody listens, and it is ready")
	}
}

func TestReadyURL(t *testing.T) {
	cfg := config.Default()
	cfg.Sandbox.Listen = "[::]:8090"
	for role, want := range map[config.Role]string{
		config.RoleIngest:     "http://127.0.0.1:9080/readyz",
		config.RoleNormalizer: "http://127.0.0.1:9081/readyz",
		config.RoleForwarder:  "http://127.0.0.1:9082/readyz",
		config.RoleLedger:     "http://127.0.0.1:9083/readyz",
		config.RoleSandbox:    "http://127.0.0.1:8090/livez",
	} {
		if got := readyURL(cfg, role); got != want {
			t.Errorf("%s: %s, want %s", role, got, want)
		}
	}
}
