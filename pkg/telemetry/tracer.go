package telemetry

import (
	"context"
	"fmt"
	"net/http"
	"net/url"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/resource"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"
)

const scope = "github.com/omnicapi/omnicapi"

// Tracer returns a tracer that exports by OTLP over HTTP to endpoint (a URL like http://localhost:4318), or does
// nothing if endpoint is "". stop flushes it.
func Tracer(ctx context.Context, service, endpoint string) (t trace.Tracer, stop func(context.Context) error, err error) {
	if endpoint == "" {
		return noop.NewTracerProvider().Tracer(scope), func(context.Context) error { return nil }, nil
	}
	exporter, err := otlptracehttp.New(ctx, otlptracehttp.WithEndpointURL(tracesURL(endpoint)),
		otlptracehttp.WithProxy(func(*http.Request) (*url.URL, error) { return nil, nil })) //nolint:nilnil // no proxy: only the configuration says where we connect to
	if err != nil {
		return nil, nil, fmt.Errorf("opening the trace exporter: %w", err)
	}
	provider := sdk.NewTracerProvider(
		sdk.WithBatcher(exporter),
		sdk.WithResource(resource.NewSchemaless(attribute.String("service.name", service))),
	)
	return provider.Tracer(scope), provider.Shutdown, nil
}
