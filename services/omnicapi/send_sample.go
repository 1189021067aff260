package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/omnicapi/omnicapi/pkg/format"
	"github.com/omnicapi/omnicapi/pkg/format/all"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// sample is what a file given to send --dry-run holds: a request's body, or a whole recorded request.
type sample struct {
	method, url string // "": a body
	header      http.Header
	body        []byte
}

// sampleProxy is the address range that samples come from; it is configured as a proxy whose X-Forwarded-For is trusted.
const sampleProxy = "127.0.0.1/32"

var requestLine = regexp.MustCompile(`^([A-Z]+) (\S+)( HTTP/[0-9.]+)?\r?\n`)

// readSample reads a file. A recorded request begins with its request line; a body that is no text lies beside it as
// NAME.body.
func readSample(file string, headers []string) (*sample, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w: type the path of a file that is there", file, cause(err))
	}
	s := &sample{header: http.Header{}, body: text}
	if unmarked := jsonscan.TrimMark(text); requestLine.Match(unmarked) {
		text = unmarked
	}
	if first := requestLine.FindSubmatch(text); first != nil {
		s.method, s.url = string(first[1]), string(first[2])
		head, body, found := bytes.Cut(text[len(first[0]):], []byte("\n\n"))
		if crlf, rest, windows := bytes.Cut(text[len(first[0]):], []byte("\r\n\r\n")); windows && (!found || len(crlf) < len(head)) {
			head, body = crlf, rest
		}
		s.body = body
		headers = append(lines(head), headers...)
		if other, err := os.ReadFile(strings.TrimSuffix(file, ".http") + ".body"); err == nil && strings.HasSuffix(file, ".http") {
			s.body = other
		}
	}
	for _, line := range headers {
		name, value, found := strings.Cut(line, ":")
		if !found || strings.TrimSpace(name) == "" {
			return nil, usagef("%s: a header is no NAME: VALUE", file)
		}
		s.header.Add(strings.TrimSpace(name), strings.TrimSpace(value))
	}
	return s, nil
}

func lines(head []byte) []string {
	var all []string
	for line := range strings.Lines(string(head)) {
		if line = strings.TrimRight(line, "\r\n"); line != "" {
			all = append(all, line)
		}
	}
	return all
}

// channel returns the channel in the request's path if the format serves it, else the format's first channel.
func (s *sample) channel(f *format.Format) string {
	if u, err := url.Parse(s.url); err == nil {
		if parts := strings.Split(u.Path, "/"); len(parts) > 2 && parts[1] == "v1" && slices.Contains(f.Channels, parts[2]) {
			return parts[2]
		}
	}
	return f.Channels[0]
}

// sourcePath is the path to which events of any source may be posted; the source's name follows.
const sourcePath = "/v1/sources/"

// request returns the sample as the request that ingest would get.
func (s *sample) request(ctx context.Context, source, format string) (*http.Request, error) {
	method, target := s.method, s.url
	if method == "" {
		method, target = http.MethodPost, sourcePath+source
	}
	u, err := url.Parse(target)
	if err != nil {
		return nil, errors.New("its request line has no URL")
	}
	if strings.HasPrefix(u.Path, sourcePath) {
		u.Path = sourcePath + source
	}
	if u.Host == "" {
		if u.Scheme, u.Host = "https", s.header.Get("Host"); u.Host == "" {
			u.Host = "ingest.example.com"
		}
	}
	r, err := http.NewRequestWithContext(ctx, method, u.String(), bytes.NewReader(s.body))
	if err != nil {
		return nil, errors.New("its request line is none")
	}
	r.Header = s.header.Clone()
	r.Header.Del("Host")
	r.Header.Del("Content-Length")
	if s.method == "" && r.Header.Get("Content-Type") == "" {
		r.Header.Set("Content-Type", all.Named(format).BodyType(s.body))
	}
	r.RemoteAddr = "127.0.0.1:80"
	return r, nil
}
