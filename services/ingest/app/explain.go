package app

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/trace/noop"

	"github.com/omnicapi/omnicapi/pkg/config"
	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/services/ingest/internal/accept"
	"github.com/omnicapi/omnicapi/services/ingest/internal/httpapi"
	"github.com/omnicapi/omnicapi/services/ingest/internal/source"
)

// Explained is what ingest makes of one request.
type Explained struct {
	Status  int
	Header  http.Header
	Answer  []byte
	Records []stream.Record // what it would store, in order
}

// Explain takes a request through ingest as if it had been sent to the named source at now. It opens no port and stores
// nothing, and a wrong signature or secret does not matter: what it shows is what a granted request would become.
func Explain(cfg *config.Config, name string, r *http.Request, now time.Time) (*Explained, error) {
	own := *cfg
	own.Ingest.UnprovenPerNetwork, own.Ingest.GuessesPerNetwork = config.Rate{}, 0
	s, ok := cfg.Sources[name]
	if !ok {
		return nil, fmt.Errorf("explaining a request: no source %s", name)
	}
	proven := s.Auth != "none" && len(s.Origins) == 0
	s.Auth, s.Rate, s.Unproven.EventsPerSecond = "none", config.Rate{}, 0 // a right secret still makes the sender a server
	own.Sources = map[string]config.Source{name: s}
	sources, err := source.Load(&own)
	if err != nil {
		return nil, err
	}
	log := slog.New(slog.DiscardHandler)
	kept := &keeper{}
	api, err := httpapi.New(httpapi.Options{
		Config: own.Ingest, Sources: sources, Acceptor: accept.New(kept, time.Minute, log), Tracer: noop.NewTracerProvider().Tracer(""),
		Log: log, Registry: prometheus.NewRegistry(), Now: func() time.Time { return now }, Source: name, Proven: proven,
	})
	if err != nil {
		return nil, err
	}
	w := &answer{header: http.Header{}}
	api.ServeHTTP(w, r)
	return &Explained{Status: w.status, Header: w.header, Answer: w.body.Bytes(), Records: kept.records}, nil
}

// keeper is a publisher that keeps copies of what it is given.
type keeper struct{ records []stream.Record }

func (k *keeper) Publish(_ context.Context, recs ...stream.Record) error {
	for _, r := range recs {
		r.Key, r.Value, r.Headers = bytes.Clone(r.Key), bytes.Clone(r.Value), slices.Clone(r.Headers)
		for i := range r.Headers {
			r.Headers[i].Value = bytes.Clone(r.Headers[i].Value)
		}
		k.records = append(k.records, r)
	}
	return nil
}

// answer is a response in memory.
type answer struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (a *answer) Header() http.Header { return a.header }

func (a *answer) WriteHeader(status int) {
	if a.status == 0 {
		a.status = status
	}
}

func (a *answer) Write(p []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	return a.body.Write(p)
}
