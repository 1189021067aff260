package main

import (
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
)

// TestSendRedirected: neither rows nor the secret follow a redirect, and the command says where it goes.
func TestSendRedirected(t *testing.T) {
	var reached atomic.Int64
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached.Add(1) }))
	defer other.Close()
	for _, status := range []int{301, 302, 303, 307, 308} {
		ingest, dir, send := sendRig(t)
		ingest.before = func(_ int, w http.ResponseWriter) bool {
			w.Header().Set("Location", other.URL+"/v1/sources/lines?token=CANARY")
			w.WriteHeader(status)
			return true
		}
		o := send(t.Context(), "--source", "lines", write(t, filepath.Join(dir, "l.ndjson"), numbered(1))).mustExit(t, 1)
		o.mustSay(t, "it redirects to "+other.URL+", which is not followed", "--to")
		if ingest.requests != 1 || reached.Load() > 0 || strings.Contains(o.errs, "CANARY") {
			t.Errorf("%d: asked %d times, %d reached another\n%s", status, ingest.requests, reached.Load(), o.errs)
		}
	}
}

// TestSendProxy: the environment's proxies do not count, the one that was typed does.
func TestSendProxy(t *testing.T) {
	t.Setenv("HTTP_PROXY", "http://127.0.0.1:1")
	t.Setenv("HTTPS_PROXY", "http://127.0.0.1:1")
	client, err := sendClient("")
	if err != nil || client.Transport.(*http.Transport).Proxy != nil {
		t.Errorf("a proxy that nobody typed: %v", err)
	}
	ingest, dir, send := sendRig(t)
	var through atomic.Int64
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Host != "" { // as a proxy is asked
			through.Add(1)
		}
		ingest.ServeHTTP(w, r)
	}))
	defer proxy.Close()
	file := write(t, filepath.Join(dir, "l.ndjson"), numbered(1))
	send(t.Context(), "--source", "lines", "--to", "http://ingest.invalid", "--proxy", proxy.URL, file).mustExit(t, 0)
	if through.Load() != 1 {
		t.Errorf("%d requests went through the proxy", through.Load())
	}
	send(t.Context(), "--source", "lines", "--proxy", "proxy", file).mustExit(t, 2).mustSay(t, "--proxy is no URL")
}
