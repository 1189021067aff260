package config

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"time"
)

// Pair reads a certificate, with its chain, and its key, both PEM. Its error quotes neither.
func Pair(certificate, key []byte) (*tls.Certificate, error) {
	pair, err := tls.X509KeyPair(certificate, key)
	if err != nil {
		return nil, err
	}
	for i, der := range pair.Certificate { // of which X509KeyPair reads the first alone
		if _, err := x509.ParseCertificate(der); err != nil {
			return nil, fmt.Errorf("reading certificate %d of the chain: %w", i+1, err)
		}
	}
	return &pair, nil
}

// ErrNotNow says that a certificate has expired, or is not valid yet.
var ErrNotNow = errors.New("the certificate is not valid now")

// ValidAt returns ErrNotNow, with the time that matters, if a certificate is not valid at a time.
func ValidAt(c *x509.Certificate, now time.Time) error {
	switch {
	case now.After(c.NotAfter):
		return fmt.Errorf("%w: it has expired (%s)", ErrNotNow, c.NotAfter.UTC().Format(time.RFC3339))
	case now.Before(c.NotBefore):
		return fmt.Errorf("%w: it begins to be (%s)", ErrNotNow, c.NotBefore.UTC().Format(time.RFC3339))
	}
	return nil
}

// Authorities reads the certificates of a PEM file; none is an error.
func Authorities(text []byte) (all []*x509.Certificate, err error) {
	for {
		var block *pem.Block
		if block, text = pem.Decode(text); block == nil {
			break
		}
		if block.Type != "CERTIFICATE" {
			continue
		}
		c, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, fmt.Errorf("reading certificate %d: %w", len(all)+1, err)
		}
		all = append(all, c)
	}
	if len(all) == 0 {
		return nil, errors.New("it holds no PEM certificate")
	}
	return all, nil
}
