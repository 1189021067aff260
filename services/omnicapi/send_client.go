package main

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"time"

	"github.com/omnicapi/omnicapi/pkg/config"
)

// client goes straight to ingest, or through the proxy that was typed, and nowhere else: what it posts is persons, with the
// source's secret. It follows no redirect; sender tells where one goes.
func (c *sendCommand) client() (*http.Client, error) {
	secured, err := c.tls()
	if err != nil {
		return nil, err
	}
	transport := &http.Transport{
		TLSClientConfig: secured, ForceAttemptHTTP2: true, MaxIdleConnsPerHost: 1, IdleConnTimeout: time.Minute, TLSHandshakeTimeout: 10 * time.Second,
	}
	if c.Proxy != "" {
		u, err := url.Parse(c.Proxy)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" && u.Scheme != "socks5" {
			return nil, usagef("--proxy is no URL: type it like http://proxy.example.com:3128")
		}
		transport.Proxy = http.ProxyURL(u)
	}
	return &http.Client{
		Timeout: time.Minute, Transport: transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}, nil
}

// tls is whom send believes to be ingest, and what it shows of itself.
func (c *sendCommand) tls() (*tls.Config, error) {
	t := &tls.Config{MinVersion: tls.VersionTLS12}
	if c.CAFile != "" {
		text, err := os.ReadFile(c.CAFile)
		if err != nil {
			return nil, fmt.Errorf("reading --ca-file: %w", err)
		}
		issuers, err := config.Authorities(text)
		if err != nil {
			return nil, usagef("--ca-file %s: %w", c.CAFile, err)
		}
		t.RootCAs = x509.NewCertPool()
		for _, i := range issuers {
			t.RootCAs.AddCert(i)
		}
	}
	if (c.CertFile == "") != (c.KeyFile == "") {
		return nil, usagef("--cert-file and --key-file belong together")
	}
	if c.CertFile != "" {
		pair, err := tls.LoadX509KeyPair(c.CertFile, c.KeyFile)
		if err != nil {
			return nil, usagef("--cert-file and --key-file: %w", err)
		}
		t.Certificates = []tls.Certificate{pair}
	}
	return t, nil
}
