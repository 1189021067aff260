package graph

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"strings"
	"syscall"
)

// cause is why there is no answer, as a word of a closed list; the error's own text may hold a URL, a name or an address.
func cause(err error) string {
	var dns *net.DNSError
	var timeout net.Error
	switch {
	case errors.As(err, &dns):
		return "dns"
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return "timeout"
	case untrusted(err):
		return "certificate"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "refused"
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return "reset"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "closed"
	}
	return "network"
}

// untrusted says whether the endpoint cannot prove who it is: its certificate is expired, for another host or of an unknown
// authority, or it speaks no TLS that proves anything. The lane never goes on without; a person must act.
func untrusted(err error) bool {
	var verification *tls.CertificateVerificationError
	var authority x509.UnknownAuthorityError
	var host x509.HostnameError
	var invalid x509.CertificateInvalidError
	return errors.As(err, &verification) || errors.As(err, &authority) || errors.As(err, &host) || errors.As(err, &invalid) || outdated(err)
}

// outdated says whether the endpoint speaks only a TLS older than ours. An old one says so by an alert (RFC 8446, 6.2), a very
// old one by answering in its own version; crypto/tls has only texts for both.
func outdated(err error) bool {
	var remote *net.OpError
	if errors.As(err, &remote) && remote.Op == "remote error" {
		text := remote.Err.Error()
		return text == "tls: protocol version not supported" || text == "tls: insufficient security level"
	}
	return err != nil && strings.Contains(err.Error(), "tls: server selected unsupported protocol version")
}
