package graph

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/omnicapi/omnicapi/pkg/capi"
	"github.com/omnicapi/omnicapi/pkg/config"
	"github.com/omnicapi/omnicapi/pkg/crashpoint"
	"github.com/omnicapi/omnicapi/services/forwarder/internal/batch"
	"github.com/omnicapi/omnicapi/services/forwarder/internal/gate"
	"github.com/omnicapi/omnicapi/services/forwarder/internal/lane"
)

// maxAnswer is how many bytes of an answer are read; Meta's are a few hundred long.
const maxAnswer = 64 << 10

// Config says where to post to, and with which credentials.
type Config struct {
	URL       string // https://graph.facebook.com
	Version   string // v25.0
	DatasetID string
	Timeout   time.Duration // of one POST, from dial to the last byte of the answer
	InFlight  int           // connections kept
	Token     *config.Secret
	AppSecret *config.Secret // nil: no appsecret_proof
	Roots     *tls.Config    // its RootCAs are trusted; nil: the system's
}

// Poster posts one dataset's batches. It is a lane.Poster.
type Poster struct {
	cfg       Config
	url       string
	client    *http.Client
	transport *http.Transport
	bodies    pool
}

// New checks the address; it does not touch the network.
func New(cfg Config) (*Poster, error) {
	u, err := url.Parse(strings.TrimRight(cfg.URL, "/"))
	if err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") || u.User != nil || u.RawQuery != "" {
		return nil, errors.New("graph.url must be http(s)://host, without credentials or query")
	}
	if cfg.Token == nil {
		return nil, errors.New("a dataset needs a token")
	}
	t := newTransport(max(1, cfg.InFlight), cfg.Roots)
	return &Poster{
		cfg:       cfg,
		url:       u.JoinPath(cfg.Version, cfg.DatasetID, "events").String(),
		transport: t,
		client:    &http.Client{Transport: t, CheckRedirect: noRedirects},
	}, nil
}

// Close closes the idle connections.
func (p *Poster) Close() { p.transport.CloseIdleConnections() }

// Credentials returns a number that changes when the token or the app secret does. It looks at their files.
func (p *Poster) Credentials() uint64 {
	v := p.cfg.Token.Version()
	if p.cfg.AppSecret != nil {
		v = v*31 + p.cfg.AppSecret.Version()
	}
	return v
}

// Post makes one POST. The token is read anew each time, and sent in a header only.
func (p *Poster) Post(ctx context.Context, r *batch.Request) lane.Answer {
	whole, cancel := context.WithTimeout(ctx, p.cfg.Timeout)
	defer cancel()
	status, header, body, err := p.do(crashpoint.WhenWritten(whole, crashpoint.ForwarderPosting), r)
	if err != nil {
		if ctx.Err() != nil {
			return lane.Answer{Aborted: true, Usage: -1}
		}
		p.transport.CloseIdleConnections() // the next POST looks up the address and connects again
		a := lane.Answer{Answer: capi.ClassifyError(err), Cause: cause(err), Usage: -1}
		if untrusted(err) {
			a.Class, a.Setup = capi.Setup, gate.Certificate
		}
		return a
	}
	a := lane.Answer{Answer: capi.Classify(status, header, body, len(r.Events)), Usage: -1}
	if a.Class == capi.Transient && a.Code == 0 && whole.Err() != nil {
		// We ended it, yet no error came: over TLS the server learns of it before the socket closes, and may end its answer properly.
		if ctx.Err() != nil {
			return lane.Answer{Aborted: true, Usage: -1}
		}
		a.Cause = "timeout"
	}
	if ratio, regain := capi.Usage(header); ratio > 0 || hasUsage(header) {
		a.Usage = ratio
		if a.Class == capi.Throttle {
			a.RetryAfter = max(a.RetryAfter, regain)
		}
	}
	return a
}

// do sends the request and reads the answer. Its error may hold an address: it is classified, never logged.
func (p *Poster) do(ctx context.Context, r *batch.Request) (int, http.Header, []byte, error) {
	token := p.cfg.Token.Reveal()
	b := p.bodies.get()
	defer p.bodies.put(b)
	b.bytes = r.AppendBody(b.bytes, proof(token, p.cfg.AppSecret)...)

	req, err := http.NewRequestWithContext(ctx, http.MethodPost, p.url, b.reader())
	if err != nil {
		return 0, nil, nil, fmt.Errorf("making the request: %w", err)
	}
	req.ContentLength = int64(len(b.bytes))
	// GetBody lets the transport send the request again by itself if a kept connection turns out to be closed before a byte
	// of it went out.
	req.GetBody = func() (io.ReadCloser, error) { return b.reader(), nil }
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "omnicapi")

	resp, err := p.client.Do(req)
	if err != nil {
		return 0, nil, nil, fmt.Errorf("posting: %w", err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return 0, nil, nil, fmt.Errorf("reading the answer: %w", err)
	}
	return resp.StatusCode, resp.Header, body, nil
}

// hasUsage says whether any usage header came: one may say 0.
func hasUsage(h http.Header) bool {
	for name := range h {
		if strings.HasSuffix(name, "-Usage") || strings.HasPrefix(name, "X-Business-Use-Case") {
			return true
		}
	}
	return false
}
