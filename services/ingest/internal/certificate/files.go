// Package certificate is what ingest serves HTTPS by: its certificate and key, and the authorities of senders' certificates, files
// that are read again while it runs. Package app opens it and puts it before the listener; httpapi asks it for the names of a
// request's certificate. It refuses TLS below 1.2, HTTP/2, and certificates of authorities that are no longer in the file.
package certificate

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"log/slog"
	"net"
	"sync/atomic"
	"time"

	"github.com/omnicapi/omnicapi/pkg/config"
)

// lookEvery is how often the files are read: a change counts within 2 s.
const lookEvery = time.Second

// Files are what ingest.tls names; nil: ingest speaks HTTP.
type Files struct {
	log         *slog.Logger
	pair        kept[*tls.Certificate]
	authorities *kept[[]*x509.Certificate] // nil: senders are not asked for certificates

	now      atomic.Pointer[door]
	unusable atomic.Int64
}

// door is what counts at one time.
type door struct {
	tls     *tls.Config
	issuers map[string]bool // by their bytes
	expires time.Time       // what expires first of the chain
}

// Open reads the files. Its error names the key of the configuration. A certificate that is not valid now is a warning only: ingest
// has no better one.
func Open(c config.IngestTLS, log *slog.Logger) (*Files, error) {
	if c.CertFile == "" {
		return nil, nil //nolint:nilnil // nil is HTTP, and its methods take it
	}
	f := &Files{log: log, pair: kept[*tls.Certificate]{
		what: "ingest's certificate and key", files: []string{c.CertFile, c.KeyFile}, parse: parsePair,
	}}
	texts, err := readAll(f.pair.files)
	if err != nil {
		return nil, fmt.Errorf("opening ingest.tls.cert_file: %w", err)
	}
	if f.pair.value, err = config.Pair(texts[0], texts[1]); err != nil {
		return nil, fmt.Errorf("opening ingest.tls.cert_file: %w", err)
	}
	f.pair.texts = texts
	if err := config.ValidAt(f.pair.value.Leaf, time.Now()); err != nil {
		log.Warn("ingest's certificate is refused by its senders", "file", c.CertFile, "error", err)
	}
	if c.ClientCAFile != "" {
		f.authorities = &kept[[]*x509.Certificate]{
			what: "the authorities of senders' certificates", files: []string{c.ClientCAFile},
			parse: func(texts [][]byte, _ time.Time) ([]*x509.Certificate, error) { return config.Authorities(texts[0]) },
		}
		if !f.authorities.look(time.Now(), log) {
			return nil, fmt.Errorf("opening ingest.tls.client_ca_file: %s", f.authorities.bad)
		}
	}
	return f, f.build()
}

func parsePair(texts [][]byte, now time.Time) (*tls.Certificate, error) {
	pair, err := config.Pair(texts[0], texts[1])
	if err != nil {
		return nil, err
	}
	return pair, config.ValidAt(pair.Leaf, now)
}

// build makes what counts from now on.
func (f *Files) build() error {
	d := &door{issuers: map[string]bool{}, tls: &tls.Config{
		MinVersion: tls.VersionTLS12, NextProtos: []string{"http/1.1"}, Certificates: []tls.Certificate{*f.pair.value},
	}}
	for i, der := range f.pair.value.Certificate {
		c, err := x509.ParseCertificate(der)
		if err != nil {
			return fmt.Errorf("reading certificate %d of the chain: %w", i+1, err)
		}
		if d.expires.IsZero() || c.NotAfter.Before(d.expires) {
			d.expires = c.NotAfter
		}
	}
	if f.authorities != nil {
		d.tls.ClientAuth, d.tls.ClientCAs = tls.VerifyClientCertIfGiven, x509.NewCertPool()
		// A resumed session shows no certificate, and would outlive the authority of the one that it began with.
		d.tls.SessionTicketsDisabled = true
		for _, c := range f.authorities.value {
			d.tls.ClientCAs.AddCert(c)
			d.issuers[string(c.Raw)] = true
		}
	}
	f.now.Store(d)
	return nil
}

// Run reads the files again until ctx ends.
func (f *Files) Run(ctx context.Context) error {
	ticks := time.NewTicker(lookEvery)
	defer ticks.Stop()
	for {
		select {
		case <-ticks.C:
			f.look(time.Now())
		case <-ctx.Done():
			return nil
		}
	}
}

func (f *Files) look(now time.Time) {
	changed := f.pair.look(now, f.log)
	bad := int64(0)
	if f.pair.bad != "" {
		bad++
	}
	if f.authorities != nil {
		changed = f.authorities.look(now, f.log) || changed
		if f.authorities.bad != "" {
			bad++
		}
	}
	f.unusable.Store(bad)
	if !changed {
		return
	}
	if err := f.build(); err != nil {
		f.log.Error("ingest's new certificate cannot be used", "error", err)
		return
	}
	f.log.Info("ingest's certificates are read anew", "expires", f.Expires())
}

// Unusable is how many of the two, pair and authorities, cannot be used as they are in their files.
func (f *Files) Unusable() int {
	if f == nil {
		return 0
	}
	return int(f.unusable.Load())
}

// Expires is when the first certificate of the chain does.
func (f *Files) Expires() time.Time { return f.now.Load().expires }

// Over puts TLS over a listener.
func (f *Files) Over(l net.Listener) net.Listener {
	if f == nil {
		return l
	}
	return tls.NewListener(l, &tls.Config{
		MinVersion:         tls.VersionTLS12,
		GetConfigForClient: func(*tls.ClientHelloInfo) (*tls.Config, error) { return f.now.Load().tls, nil },
	})
}
