package enrich

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/omnicapi/omnicapi/pkg/capi"
	"github.com/omnicapi/omnicapi/pkg/config"
)

// maxLead bounds how many bytes of a lead are read: a form has a few dozen answers.
const maxLead = 256 << 10

// LeadGraph reads leads from Meta's Graph API with a page's token.
type LeadGraph struct {
	base    string // https://graph.facebook.com/v25.0/
	token   *config.Secret
	timeout time.Duration
	client  *http.Client
}

// NewLeadGraph does not touch the network. If transport is nil, it makes one of its own, with at most parallel
// connections.
func NewLeadGraph(g config.Graph, token *config.Secret, transport http.RoundTripper) *LeadGraph {
	if transport == nil {
		dialer := &net.Dialer{Timeout: 5 * time.Second, KeepAlive: 30 * time.Second}
		transport = &http.Transport{
			Proxy:               nil, // no proxy variables: where the token goes is the configuration's business
			DialContext:         dialer.DialContext,
			TLSClientConfig:     &tls.Config{MinVersion: tls.VersionTLS12},
			TLSHandshakeTimeout: 5 * time.Second,
			MaxIdleConnsPerHost: parallel,
			MaxConnsPerHost:     parallel,
			IdleConnTimeout:     time.Minute,
		}
	}
	return &LeadGraph{
		base: strings.TrimRight(g.URL, "/") + "/" + url.PathEscape(g.Version) + "/", token: token, timeout: g.Timeout,
		client: &http.Client{Transport: transport, CheckRedirect: noRedirects},
	}
}

// noRedirects makes the client return a 3xx as it is: following it would send the token elsewhere.
func noRedirects(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// Lead asks for a lead, whose id must be digits. The answers are nil unless the class is ok.
func (g *LeadGraph) Lead(ctx context.Context, lead string) (*Answers, capi.Answer) {
	ctx, cancel := context.WithTimeout(ctx, g.timeout)
	defer cancel()
	status, header, body, err := g.get(ctx, lead)
	if err != nil {
		return nil, capi.ClassifyError(err)
	}
	if status >= 200 && status <= 299 {
		if answers, ok := readAnswers(body); ok {
			return answers, capi.Answer{Class: capi.OK, Status: status}
		}
	}
	return nil, capi.Classify(status, header, body, 0)
}

// Credentials returns a number that changes when the token does.
func (g *LeadGraph) Credentials() uint64 { return g.token.Version() }

// Close closes the idle connections.
func (g *LeadGraph) Close() { g.client.CloseIdleConnections() }

// get asks Graph for a lead. Its error is only for classifying, never for a log.
func (g *LeadGraph) get(ctx context.Context, lead string) (int, http.Header, []byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, g.base+lead+"?fields=field_data", nil)
	if err != nil {
		return 0, nil, nil, fmt.Errorf("making the request: %w", err)
	}
	req.Header.Set("Authorization", "Bearer "+g.token.Reveal())
	req.Header.Set("User-Agent", "omnicapi")
	resp, err := g.client.Do(req)
	if err != nil {
		return 0, nil, nil, fmt.Errorf("asking: %w", err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxLead))
	if err != nil {
		return 0, nil, nil, fmt.Errorf("reading the answer: %w", err)
	}
	return resp.StatusCode, resp.Header, body, nil
}
