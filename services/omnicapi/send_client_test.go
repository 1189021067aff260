package main

import (
	"crypto/tls"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/pkg/certtest"
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
	client, err := (&sendCommand{}).client()
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

// TestSendOverTLS: send believes whom --ca-file names and nobody else, at once rather than for --give-up, shows the certificate that
// it is given, and finds this machine's ingest by https where that is configured.
func TestSendOverTLS(t *testing.T) {
	ours, senders := certtest.New(t), certtest.New(t)
	ingest, dir, send := sendRig(t)
	var shown atomic.Pointer[string]
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := "nobody"
		if certificates := r.TLS.PeerCertificates; len(certificates) > 0 {
			name = certificates[0].Subject.CommonName
		}
		shown.Store(&name)
		ingest.ServeHTTP(w, r)
	}))
	server.TLS = &tls.Config{
		MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{ours.Server(t, time.Hour).Pair(t)},
		ClientAuth: tls.VerifyClientCertIfGiven, ClientCAs: senders.Pool(),
	}
	server.StartTLS()
	t.Cleanup(server.Close)
	ca, foreign := filepath.Join(dir, "ca.pem"), filepath.Join(dir, "foreign.pem")
	certtest.Put(t, ca, ours.PEM)
	certtest.Put(t, foreign, senders.PEM)
	certificate, key := senders.Client(t, time.Hour, "lines").Write(t, dir, "lines")
	file := write(t, filepath.Join(dir, "l.ndjson"), numbered(1))
	to := []string{"--source", "lines", "--to", server.URL}
	with := func(args ...string) output {
		return send(t.Context(), append(append(to[:len(to):len(to)], args...), file)...)
	}

	with("--ca-file", ca).mustExit(t, 0)
	if *shown.Load() != "nobody" {
		t.Errorf("%s was shown", *shown.Load())
	}
	with("--ca-file", ca, "--cert-file", certificate, "--key-file", key).mustExit(t, 0)
	if *shown.Load() != "lines" {
		t.Errorf("%s was shown", *shown.Load())
	}
	for _, args := range [][]string{nil, {"--ca-file", foreign}} {
		before := ingest.requests
		with(args...).mustExit(t, 1).mustSay(t, "not trusted", "--ca-file")
		if ingest.requests != before {
			t.Errorf("%v: rows were posted", args)
		}
	}
	with("--ca-file", key).mustExit(t, 2).mustSay(t, "--ca-file", "no PEM certificate")
	with("--ca-file", ca, "--cert-file", certificate).mustExit(t, 2).mustSay(t, "--key-file")

	address := strings.TrimPrefix(server.URL, "https://")
	config := write(t, filepath.Join(dir, "here.yaml"), `
datasets: {shop: {id: "1", token_file: secret}}
sources: {lines: {channel: store, format: ndjson, dataset: shop, certificates: [lines]}}
ingest: {listen: "`+address+`", tls: {cert_file: lines.pem, key_file: lines.key, client_ca_file: foreign.pem}}
`)
	command(t, "send", "-c", config, "--source", "lines", "--ca-file", ca, "--cert-file", certificate, "--key-file", key, file).mustExit(t, 0)
	if *shown.Load() != "lines" || !strings.HasPrefix(ingest.auth, " ") {
		t.Errorf("%s was shown, and %q presented", *shown.Load(), ingest.auth)
	}
}
