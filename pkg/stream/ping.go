package stream

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"

	"github.com/segmentio/kafka-go"
)

// Ping reaches the cluster once; its error says which of address, TLS and password is wrong.
func (c *Client) Ping(ctx context.Context) error {
	var last error
	for _, addr := range c.cfg.Brokers {
		if last = c.ping(ctx, addr); last == nil {
			return nil
		}
	}
	return last
}

func (c *Client) ping(ctx context.Context, addr string) error {
	ctx, cancel := context.WithTimeout(ctx, 2*dialTimeout)
	defer cancel()
	raw, err := (&net.Dialer{Timeout: dialTimeout}).DialContext(ctx, "tcp", addr)
	if err != nil {
		return fmt.Errorf("reaching kafka at %s: the address is wrong, or nobody listens: %w", addr, err)
	}
	if c.cfg.TLS != nil {
		cfg := c.cfg.TLS.Clone()
		if cfg.ServerName == "" {
			cfg.ServerName, _, _ = net.SplitHostPort(addr)
		}
		if err := tls.Client(raw, cfg).HandshakeContext(ctx); err != nil {
			_ = raw.Close() // the handshake's error is the one to report
			return fmt.Errorf("reaching kafka at %s: its TLS is not what kafka.tls says: %w", addr, err)
		}
	}
	_ = raw.Close() // it was for the diagnosis only
	conn, err := c.dialer.DialContext(ctx, "tcp", addr)
	if err != nil {
		return fmt.Errorf("reaching kafka at %s: %s: %w", addr, c.suspicion(err), err)
	}
	defer conn.Close()
	if _, err := conn.Brokers(); err != nil { // brokers answer ApiVersions to anybody
		return fmt.Errorf("reaching kafka at %s: %s: %w", addr, c.suspicion(err), err)
	}
	return nil
}

// suspicion says what is probably wrong in the configuration when address and TLS handshake are right.
func (c *Client) suspicion(err error) string {
	switch cut := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF); {
	case errors.Is(err, kafka.SASLAuthenticationFailed), cut && c.cfg.SASL.Mechanism != "":
		return "kafka.sasl's username or password is wrong"
	case errors.Is(err, kafka.UnsupportedSASLMechanism):
		return "kafka.sasl.mechanism is not one that the broker offers"
	case cut && c.cfg.TLS == nil:
		return "it hangs up: it wants TLS or a password (kafka.tls, kafka.sasl)"
	}
	return "it does not speak kafka"
}
