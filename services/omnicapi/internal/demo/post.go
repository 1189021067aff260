package demo

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// client sends the demo's requests to the services' HTTP ports.
type client struct{ http *http.Client }

// do sends a request; an answer other than 2xx is an error.
func (c client) do(ctx context.Context, method, url, body string, header http.Header) error {
	req, err := http.NewRequestWithContext(ctx, method, url, strings.NewReader(body))
	if err != nil {
		return fmt.Errorf("making a request: %w", err)
	}
	req.Header = header
	resp, err := c.http.Do(req)
	if err != nil {
		return fmt.Errorf("asking the pipeline: %w", err)
	}
	text, err := io.ReadAll(io.LimitReader(resp.Body, 4096))
	_ = resp.Body.Close() // only read
	if err != nil {
		return fmt.Errorf("reading the answer: %w", err)
	}
	if resp.StatusCode/100 != 2 {
		return fmt.Errorf("%s %s answers %d: %s", method, req.URL.Path, resp.StatusCode, strings.TrimSpace(string(text)))
	}
	return nil
}

// send posts every sample to ingest.
func (c client) send(ctx context.Context, ingest, secret string, now time.Time) error {
	for _, p := range posts {
		text, err := body(p.file, now)
		if err != nil {
			return err
		}
		h := http.Header{
			"Content-Type": {p.content},
			"User-Agent":   {"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"},
		}
		if p.origin != "" {
			h.Set("Origin", p.origin)
		} else {
			h.Set("Authorization", "Bearer "+secret)
		}
		if err := c.do(ctx, http.MethodPost, ingest+p.path, text, h); err != nil {
			return fmt.Errorf("sending %s: %w", p.file, err)
		}
	}
	cases, err := chosen()
	if err != nil {
		return err
	}
	for _, rc := range cases {
		if err := c.sendRecorded(ctx, ingest, rc, now); err != nil {
			return err
		}
	}
	return nil
}

// refuse makes the sandbox refuse the sample events that must end as refused by Meta.
func (c client) refuse(ctx context.Context, sandbox string) error {
	rules, err := body("faults.json", time.Now())
	if err != nil {
		return err
	}
	return c.do(ctx, http.MethodPut, sandbox+"/_sandbox/faults", rules, http.Header{"Content-Type": {"application/json"}})
}

// ready waits until a service's operators' port says that the service can do its job.
func (c client) ready(ctx context.Context, admin string) error {
	for {
		err := c.do(ctx, http.MethodGet, admin+"/readyz", "", http.Header{})
		if err == nil {
			return nil
		}
		select {
		case <-time.After(50 * time.Millisecond):
		case <-ctx.Done():
			return fmt.Errorf("waiting for the services: %w (last: %w)", ctx.Err(), err)
		}
	}
}
