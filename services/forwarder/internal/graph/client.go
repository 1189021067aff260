package graph

import (
	"crypto/tls"
	"net"
	"net/http"
	"time"
)

// Bounds of a connection. Idle ones are closed early, so that a changed address of the host is noticed.
const (
	dialTimeout      = 5 * time.Second
	handshakeTimeout = 5 * time.Second
	idleTimeout      = 60 * time.Second
	writeBuffer      = 64 << 10
)

// newTransport returns a pool of n HTTP/1.1 connections: with HTTP/2 all posts of a megabyte would share one connection
// and its flow control.
func newTransport(n int, roots *tls.Config) *http.Transport {
	conf := &tls.Config{MinVersion: tls.VersionTLS12}
	if roots != nil {
		conf.RootCAs = roots.RootCAs
	}
	dialer := &net.Dialer{Timeout: dialTimeout, KeepAlive: 30 * time.Second}
	return &http.Transport{
		Proxy:                 nil, // no proxy from the environment: only the configuration says where events go
		DialContext:           dialer.DialContext,
		TLSClientConfig:       conf,
		TLSHandshakeTimeout:   handshakeTimeout,
		TLSNextProto:          map[string]func(string, *tls.Conn) http.RoundTripper{}, // no HTTP/2
		MaxIdleConns:          n,
		MaxIdleConnsPerHost:   n,
		MaxConnsPerHost:       n, // a connection on its way back to the pool is waited for, not doubled
		IdleConnTimeout:       idleTimeout,
		DisableCompression:    true, // answers are short
		WriteBufferSize:       writeBuffer,
		ExpectContinueTimeout: time.Second,
	}
}

// noRedirects hands a 3xx back as it is: a redirect of a POST would carry the token elsewhere.
func noRedirects(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
