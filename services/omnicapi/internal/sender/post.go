package sender

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/omnicapi/omnicapi/pkg/visible"
)

// answer is ingest's answer to a request; if every row was refused, the same members stand in a problem document.
type answer struct {
	Accepted int         `json:"accepted"`
	Rejected []rejection `json:"rejected"`
	Detail   string      `json:"detail"`
}

type rejection struct {
	Index  int    `json:"index"`
	Field  string `json:"field"`
	Reason string `json:"reason"`
	Detail string `json:"detail"`
}

// post sends a batch until ingest has taken or refused every row of it.
func (s *Sender) post(ctx context.Context, path string, b *batch, res *Result) error {
	if len(b.rows) == 0 {
		return nil
	}
	until := time.Now().Add(s.GiveUp)
	for attempt := 1; ; attempt++ {
		status, after, a, err := s.try(ctx, b.body.Bytes())
		if ctx.Err() != nil {
			return ctx.Err()
		}
		switch {
		case err == nil && (status == http.StatusAccepted || status == http.StatusOK || status == http.StatusBadRequest && len(a.Rejected) > 0):
			return s.settle(path, b, a, res)
		case err == nil && status == http.StatusRequestEntityTooLarge:
			return s.halve(ctx, path, b, res)
		case untrusted(err):
			return fmt.Errorf("ingest's certificate is not trusted: name who has issued it with --ca-file, or ingest as it names itself with --to: %w", err)
		case err == nil && !again(status):
			return explain(status, s.Source, a)
		}
		why := s.unanswered(status, a, err)
		wait := max(repeats.After(attempt), after) // never less than ingest asks for
		if time.Now().Add(wait).After(until) {
			return fmt.Errorf("sending rows %d to %d: %w", b.rows[0].Number, b.rows[len(b.rows)-1].Number, why)
		}
		if s.Waiting != nil {
			s.Waiting(why, wait)
		}
		pause := s.Wait
		if pause == nil {
			pause = sleep
		}
		if err := pause(ctx, wait); err != nil {
			return err
		}
	}
}

// unanswered is why a request is repeated: where ingest was looked for, without credentials, and what came of it.
func (s *Sender) unanswered(status int, a answer, err error) error {
	at := "ingest"
	if u, bad := url.Parse(s.URL); bad == nil {
		at += " at " + u.Host
	}
	switch {
	case err != nil:
		return fmt.Errorf("%s does not answer: %w", at, err)
	case a.Detail != "":
		return fmt.Errorf("%s answers %d: %s", at, status, a.Detail)
	}
	return fmt.Errorf("%s answers %d", at, status)
}

// again says whether a request with this status may succeed if it is repeated.
func again(status int) bool {
	switch status {
	case http.StatusTooManyRequests, http.StatusServiceUnavailable, http.StatusBadGateway, http.StatusGatewayTimeout, http.StatusRequestTimeout:
		return true
	}
	return false
}

func (s *Sender) halve(ctx context.Context, path string, b *batch, res *Result) error {
	if len(b.rows) == 1 {
		s.refuse(res, Refusal{File: path, Row: b.rows[0].Number, Reason: "oversize"})
		return nil
	}
	for _, h := range b.halves() {
		if err := s.post(ctx, path, h, res); err != nil {
			return err
		}
	}
	return nil
}

func (s *Sender) settle(path string, b *batch, a answer, res *Result) error {
	for _, r := range a.Rejected {
		if r.Index < 0 || r.Index >= len(b.rows) {
			return errors.New("ingest refuses a row that was not sent: is the URL another service's?")
		}
		s.refuse(res, Refusal{File: path, Row: b.rows[r.Index].Number, Field: r.Field, Reason: r.Reason, Detail: r.Detail})
	}
	res.Accepted += len(b.rows) - len(a.Rejected)
	return nil
}

func explain(status int, source string, a answer) error {
	switch status {
	case http.StatusUnauthorized, http.StatusForbidden:
		return fmt.Errorf("ingest refuses the secret of source %s (%d): is it the one of its configuration", source, status)
	case http.StatusNotFound:
		return fmt.Errorf("ingest does not know the source %s (404): does it run with this configuration", source)
	}
	if a.Detail != "" {
		return fmt.Errorf("ingest answers %d: %s", status, visible.Text(a.Detail))
	}
	return fmt.Errorf("ingest answers %d", status)
}

// try posts a body once; after is the wait that ingest asks for.
func (s *Sender) try(ctx context.Context, body []byte) (status int, after time.Duration, a answer, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.URL, bytes.NewReader(body))
	if err != nil {
		return 0, 0, a, fmt.Errorf("making the request: %w", withoutURL(err))
	}
	req.Header.Set("Content-Type", "application/x-ndjson")
	if secret := s.Secret(); secret != "" {
		req.Header.Set("Authorization", "Bearer "+secret)
	}
	resp, err := s.Client.Do(req)
	if err != nil {
		return 0, 0, a, withoutURL(err)
	}
	defer func() { _ = resp.Body.Close() }() // only read
	text, err := io.ReadAll(io.LimitReader(resp.Body, 4<<20))
	if err != nil {
		return 0, 0, a, fmt.Errorf("reading ingest's answer: %w", err)
	}
	if to, redirects := redirect(resp); redirects {
		a.Detail = "it redirects to " + to + ", which is not followed: if that is ingest, type it with --to"
		return resp.StatusCode, 0, a, nil
	}
	if err := json.Unmarshal(text, &a); err != nil && resp.StatusCode < http.StatusMultipleChoices {
		return 0, 0, a, errors.New("the answer is not ingest's")
	}
	return resp.StatusCode, retryAfter(resp.Header.Get("Retry-After")), a, nil
}

// untrusted says whether the other side is not known to be ingest, which no repetition changes.
func untrusted(err error) bool {
	var unverified *tls.CertificateVerificationError
	return errors.As(err, &unverified)
}

// withoutURL is the cause of an error about a URL, which may hold credentials.
func withoutURL(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}

// redirect is where an answer sends us, without what may be secret in it.
func redirect(resp *http.Response) (to string, redirects bool) {
	if resp.StatusCode < http.StatusMultipleChoices || resp.StatusCode >= http.StatusBadRequest {
		return "", false
	}
	at, err := resp.Location()
	if err != nil {
		return "nowhere", true
	}
	return at.Scheme + "://" + at.Host, true
}

// retryAfter reads a Retry-After header, which holds seconds or a date, and returns at most a minute.
func retryAfter(text string) time.Duration {
	d := time.Duration(0)
	if n, err := strconv.Atoi(text); err == nil {
		d = time.Duration(n) * time.Second
	} else if at, err := http.ParseTime(text); err == nil {
		d = time.Until(at)
	}
	return min(max(d, 0), time.Minute)
}
