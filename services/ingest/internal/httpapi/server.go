package httpapi

import (
	"log/slog"
	"net/http"
	"time"
)

// The limits of a connection: a slow or silent one is cut.
const (
	readHeaderTimeout = 5 * time.Second
	readTimeout       = 30 * time.Second
	idleTimeout       = 120 * time.Second
	writeTimeout      = 60 * time.Second // reading, storing and answering together
	maxHeaderBytes    = 16 << 10
)

// Server returns the HTTP server of a, without an address.
func (a *API) Server() *http.Server {
	var protocols http.Protocols
	protocols.SetHTTP1(true) // not HTTP/2, over TLS either: its floods are not ours to bound
	return &http.Server{
		Protocols:         &protocols,
		Handler:           a,
		ReadHeaderTimeout: readHeaderTimeout,
		ReadTimeout:       readTimeout,
		WriteTimeout:      writeTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeaderBytes,
		ConnState:         a.connections.State,
		// What it logs is what clients do wrong.
		ErrorLog: slog.NewLogLogger(a.log.Handler(), slog.LevelDebug),
	}
}
