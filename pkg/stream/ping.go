package stream

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"syscall"
	"time"

	"github.com/segmentio/kafka-go"

	"github.com/omnicapi/omnicapi/pkg/backoff"
)

// Ping reaches the cluster once, over any of its brokers; its error says which of address, TLS and password is wrong.
func (c *Client) Ping(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel() // one that answers is enough
	results := make(chan error, len(c.cfg.Brokers))
	for _, addr := range c.cfg.Brokers {
		go func() { results <- c.pingTwice(ctx, addr) }()
	}
	var first error
	for range c.cfg.Brokers {
		err := <-results
		if err == nil {
			c.trouble.answered.Store(true)
			return nil
		}
		if first == nil {
			first = err
		}
	}
	return first
}

// pingTwice asks again where a connection was ended: a broker that stops does so, too, and says nothing of TLS or passwords.
func (c *Client) pingTwice(ctx context.Context, addr string) error {
	err := c.ping(ctx, addr)
	if endedBy(err) || errors.Is(err, kafka.SASLAuthenticationFailed) { // kafka-go's word for an end during the login, too
		if backoff.Wait(ctx, 100*time.Millisecond) {
			err = c.ping(ctx, addr)
		}
	}
	return err
}

func (c *Client) ping(ctx context.Context, addr string) error {
	ctx, cancel := context.WithTimeout(ctx, 2*dialTimeout)
	defer cancel()
	raw, err := (&net.Dialer{Timeout: dialTimeout}).DialContext(ctx, "tcp", addr)
	var name *net.DNSError
	switch {
	case errors.As(err, &name):
		return fmt.Errorf("reaching kafka at %s: its name has no address: %w", addr, err)
	case err != nil:
		return fmt.Errorf("reaching kafka at %s: the address is wrong, or nobody listens: %w", addr, err)
	}
	stop := context.AfterFunc(ctx, func() { _ = raw.Close() })
	defer stop()
	if c.cfg.TLS != nil {
		cfg := c.cfg.TLS.Clone()
		if cfg.ServerName == "" {
			cfg.ServerName, _, _ = net.SplitHostPort(addr)
		}
		if err := tls.Client(raw, cfg).HandshakeContext(ctx); err != nil {
			_ = raw.Close() // the handshake's error is the one to report
			return fmt.Errorf("reaching kafka at %s: %s: %w", addr, c.untrusted(err), err)
		}
	}
	_ = raw.Close() // it was for the diagnosis only
	conn, err := c.dialer.DialContext(ctx, "tcp", addr)
	if err != nil {
		return fmt.Errorf("reaching kafka at %s: %s: %w", addr, c.suspicion(err), err)
	}
	defer conn.Close()
	stopAsking := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer stopAsking()
	if err := conn.SetDeadline(time.Now().Add(dialTimeout)); err != nil {
		return err
	}
	if _, err := conn.Brokers(); err != nil { // brokers answer ApiVersions to anybody
		return fmt.Errorf("reaching kafka at %s: %s: %w", addr, c.suspicion(err), err)
	}
	return nil
}

// untrusted says what is wrong with a TLS handshake.
func (c *Client) untrusted(err error) string {
	var (
		host    x509.HostnameError
		unknown x509.UnknownAuthorityError
		invalid x509.CertificateInvalidError
	)
	switch {
	case errors.As(err, &host):
		return "its certificate is for another host"
	case errors.As(err, &unknown) && c.cfg.TLS.RootCAs != nil:
		return "its certificate is of no CA that kafka.tls.ca_file has"
	case errors.As(err, &unknown):
		return "its certificate is of no CA that this machine trusts: name it in kafka.tls.ca_file"
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return "its certificate is not valid now: it has expired, or a clock is wrong"
	case isTimeout(err):
		return "it does not answer: it hangs, or it has no TLS (kafka.tls)"
	}
	return "its TLS is not what kafka.tls says"
}

// suspicion says what is probably wrong when address and TLS handshake are right.
func (c *Client) suspicion(err error) string {
	switch ended := endedBy(err); {
	case errors.Is(err, kafka.SASLAuthenticationFailed), ended && c.cfg.SASL.Mechanism != "":
		return "kafka.sasl's username or password is wrong"
	case errors.Is(err, kafka.UnsupportedSASLMechanism):
		return "kafka.sasl.mechanism is not one that the broker offers"
	case isTimeout(err):
		return "it does not answer: it hangs, or the network between loses what is sent"
	case ended && c.trouble.answered.Load():
		return "it hangs up"
	case ended && c.cfg.TLS == nil:
		return "it hangs up: it wants TLS or a password (kafka.tls, kafka.sasl)"
	case ended:
		return "it hangs up: it wants a password or another certificate (kafka.sasl, kafka.tls)"
	}
	return "it does not speak kafka"
}

// endedBy says whether the other side ended the connection.
func endedBy(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)
}

func isTimeout(err error) bool {
	var t interface{ Timeout() bool }
	return errors.As(err, &t) && t.Timeout()
}
