// Package httpapi is the public HTTP server of ingest. It routes a request to its format, and takes it along the path that
// exchange.go shows: it finds the source, reads the body within limits, has its items named and stored, and answers as the
// sender expects. Package app wires it. It refuses to know a format by name: it walks the list of all.
package httpapi

import (
	"crypto/tls"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/trace"

	"github.com/omnicapi/omnicapi/pkg/config"
	"github.com/omnicapi/omnicapi/pkg/format"
	"github.com/omnicapi/omnicapi/pkg/format/all"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/services/ingest/internal/accept"
	"github.com/omnicapi/omnicapi/services/ingest/internal/network"
	"github.com/omnicapi/omnicapi/services/ingest/internal/source"
)

// Options are what an API is made of.
type Options struct {
	Config   config.Ingest
	Sources  *source.Registry
	Acceptor *accept.Acceptor
	Tracer   trace.Tracer
	Log      *slog.Logger
	Registry prometheus.Registerer
	Now      func() time.Time // nil: time.Now
	Source   string           // the source that every request is meant for, whatever it says; "": as it says
	Proven   bool             // every request is taken for a proven one
	Waiting  Waiting          // nil: nothing waits

	// Certificate are the names of the certificate that the client of a connection has shown, nil if none counts; nil: none does.
	Certificate func(s *tls.ConnectionState, now time.Time) []string
}

// Waiting says how many bytes of events Kafka has not acknowledged yet, of proven and of unproven senders.
type Waiting func() (proven, unproven int64)

// API serves the routes of the contract.
type API struct {
	limits  receive.Limits
	proxies network.List
	sources *source.Registry
	accept  *accept.Acceptor
	tracer  trace.Tracer
	log     *slog.Logger
	now     func() time.Time
	metrics *metrics
	denied  *denied
	source  string
	proven  bool
	names   func(s *tls.ConnectionState, now time.Time) []string
	bodies  *room
	turns   chan struct{} // of those that unpack large bodies without proof

	uncounted   network.List // proxies, and networks of one's own: each may stand for many
	connections *network.Connections
	guesses     *guesses
	unproven    *unproven

	pool sync.Pool // *exchange

	foreignIDs map[string][]string // by format: beginnings of ids that only other formats make

	formats   []*format.Format
	endpoints map[string]*endpoint // by pattern
	router    http.Handler
}

// New returns the API of a configuration.
func New(o Options) (*API, error) {
	proxies, err := network.ParseList(o.Config.TrustedProxies)
	if err != nil {
		return nil, fmt.Errorf("reading trusted_proxies: %w", err)
	}
	exempt, err := network.ParseList(o.Config.ExemptNetworks)
	if err != nil {
		return nil, fmt.Errorf("reading exempt_networks: %w", err)
	}
	a := &API{
		limits:    receive.Limits{MaxBody: int(o.Config.MaxBody), MaxEvent: int(o.Config.MaxEvent)},
		proxies:   proxies,
		sources:   o.Sources,
		accept:    o.Acceptor,
		tracer:    o.Tracer,
		log:       o.Log,
		now:       o.Now,
		source:    o.Source,
		proven:    o.Proven,
		names:     o.Certificate,
		turns:     newTurns(),
		bodies:    newRoom(int64(o.Config.MaxPending), int64(o.Config.MaxBody)),
		formats:   all.Formats,
		endpoints: map[string]*endpoint{},
		uncounted: slices.Concat(proxies, exempt),
		guesses:   newGuesses(o.Config.GuessesPerNetwork),

		foreignIDs: map[string][]string{},
	}
	for _, f := range a.formats {
		a.foreignIDs[f.Name] = all.ForeignIDs(f.Name)
	}
	if a.now == nil {
		a.now = time.Now
	}
	a.pool.New = func() any { return &exchange{api: a} }
	a.router = a.routes()
	a.metrics = newMetrics(o.Registry, a)
	a.registerPending(o.Registry, o.Waiting)
	a.denied = newDenied(o.Registry, a)
	a.unproven = newUnproven(o.Registry, a, o.Config.UnprovenPerNetwork.EventsPerSecond, o.Config.UnprovenPerNetwork.Burst)
	a.connections = newConnections(o.Registry, a, o.Config)
	return a, nil
}

// ServeHTTP serves a request; one that panics is answered 500, and the others go on.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	defer func() {
		switch v := recover(); {
		case v == http.ErrAbortHandler: //nolint:errorlint // a panic value is compared as net/http does
			panic(v)
		case v != nil:
			// The value may quote the request: only its type is logged.
			a.log.Error("a handler panicked", "type", fmt.Sprintf("%T", v), "at", panicSite())
			writeReply(w, refused(receive.Own{}, &receive.Refusal{Kind: receive.InternalFailed}))
		}
	}()
	closeAmbiguous(w, r)
	a.router.ServeHTTP(w, r)
}
