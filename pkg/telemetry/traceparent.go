package telemetry

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"math/rand/v2"
	"net/url"
	"strings"

	"go.opentelemetry.io/otel/trace"
)

// tracesURL adds OTLP's path for traces to an endpoint without a path.
func tracesURL(endpoint string) string {
	u, err := url.Parse(endpoint)
	if err != nil || strings.Trim(u.Path, "/") != "" {
		return endpoint
	}
	u.Path = "/v1/traces"
	return u.String()
}

// traceParentLen is the length of a W3C traceparent of version 00: 00-<32 hex>-<16 hex>-<2 hex>.
const traceParentLen = 2 + 1 + 32 + 1 + 16 + 1 + 2

// TraceParent returns the W3C header of the span in ctx, "" if there is none.
func TraceParent(ctx context.Context) string {
	s := trace.SpanContextFromContext(ctx)
	if !s.IsValid() {
		return ""
	}
	return format(s.TraceID(), s.SpanID(), byte(s.TraceFlags()))
}

// WithTraceParent continues a trace from its W3C header; a bad one starts a new trace.
func WithTraceParent(ctx context.Context, traceparent string) context.Context {
	s, ok := parse(traceparent)
	if !ok {
		s, _ = parse(NewTraceParent())
	}
	return trace.ContextWithRemoteSpanContext(ctx, s)
}

// NewTraceParent makes a random sampled W3C traceparent, for a request that came without one. It only has to be unique,
// not secret.
func NewTraceParent() string {
	var t trace.TraceID
	var s trace.SpanID
	for !t.IsValid() {
		binary.BigEndian.PutUint64(t[:8], rand.Uint64())
		binary.BigEndian.PutUint64(t[8:], rand.Uint64())
	}
	for !s.IsValid() {
		binary.BigEndian.PutUint64(s[:], rand.Uint64())
	}
	return format(t, s, byte(trace.FlagsSampled))
}

func format(t trace.TraceID, s trace.SpanID, flags byte) string {
	var b [traceParentLen]byte
	copy(b[:], "00-")
	hex.Encode(b[3:], t[:])
	b[35] = '-'
	hex.Encode(b[36:], s[:])
	b[52] = '-'
	hex.Encode(b[53:], []byte{flags})
	return string(b[:])
}

// parse reads a traceparent of version 00, and of later versions the fields that version 00 has.
func parse(h string) (trace.SpanContext, bool) {
	if len(h) < traceParentLen || h[2] != '-' || h[35] != '-' || h[52] != '-' {
		return trace.SpanContext{}, false
	}
	version, rest := h[:2], h[traceParentLen:]
	if version == "ff" || version == "00" && rest != "" || rest != "" && rest[0] != '-' {
		return trace.SpanContext{}, false
	}
	for _, c := range []byte(h[:traceParentLen]) {
		if c != '-' && (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return trace.SpanContext{}, false
		}
	}
	var v, flags [1]byte
	var t trace.TraceID
	var s trace.SpanID
	for _, field := range []struct {
		dst []byte
		src string
	}{{v[:], version}, {t[:], h[3:35]}, {s[:], h[36:52]}, {flags[:], h[53:55]}} {
		if _, err := hex.Decode(field.dst, []byte(field.src)); err != nil {
			return trace.SpanContext{}, false
		}
	}
	c := trace.NewSpanContext(trace.SpanContextConfig{
		TraceID: t, SpanID: s, TraceFlags: trace.TraceFlags(flags[0]) & trace.FlagsSampled, Remote: true,
	})
	return c, c.IsValid()
}
