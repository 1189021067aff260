package app_test

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/pkg/config"
	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/kafkatest"
	"github.com/omnicapi/omnicapi/pkg/lifecycle"
	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/pkg/topic"
	"github.com/omnicapi/omnicapi/services/forwarder/app"
)

func TestMain(m *testing.M) { kafkatest.Main(m) }

// Tokens, easily told from any other text.
const (
	rightToken = "EAArightTOKEN"
	wrongToken = "EAAwrongTOKEN"
)

// graph stands in for Meta: it answers by token, refuses an event id alone, and may hang.
type graph struct {
	*httptest.Server
	mu     sync.Mutex
	right  string              // token
	bad    string              // event id that is refused
	hang   bool                // before the answer
	got    map[string][]string // accepted event ids by dataset id
	tokens []string            // as they were presented
}

func newGraph(t *testing.T) *graph {
	t.Helper()
	g := &graph{right: rightToken, got: map[string][]string{}}
	g.Server = httptest.NewServer(g)
	t.Cleanup(g.Close)
	return g
}

func (g *graph) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Data []struct {
			ID string `json:"event_id"`
		} `json:"data"`
	}
	err := json.NewDecoder(r.Body).Decode(&body)
	dataset := strings.TrimSuffix(strings.TrimPrefix(r.URL.Path, "/v25.0/"), "/events")
	g.mu.Lock()
	defer g.mu.Unlock()
	token := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	g.tokens = append(g.tokens, token)
	refuse := func(status int, text string) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, text)
	}
	switch {
	case err != nil:
		refuse(http.StatusInternalServerError, "")
		return
	case g.hang:
		g.mu.Unlock()
		<-r.Context().Done()
		g.mu.Lock()
		return
	case token != g.right:
		refuse(http.StatusUnauthorized, `{"error":{"message":"m","type":"OAuthException","code":190,"fbtrace_id":"T190"}}`)
		return
	}
	for _, e := range body.Data {
		if e.ID == g.bad {
			refuse(http.StatusBadRequest, `{"error":{"message":"m","type":"OAuthException","code":100,"error_subcode":2804019,"fbtrace_id":"T100"}}`)
			return
		}
	}
	for _, e := range body.Data {
		g.got[dataset] = append(g.got[dataset], e.ID)
	}
	_, _ = io.WriteString(w, `{"events_received":`+strconv.Itoa(len(body.Data))+`,"messages":[],"fbtrace_id":"T200"}`)
}

// accepted are the event ids of a dataset, in the order of their arrival, repeats included.
func (g *graph) accepted(dataset string) []string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return append([]string(nil), g.got[dataset]...)
}

func (g *graph) set(fn func()) {
	g.mu.Lock()
	defer g.mu.Unlock()
	fn()
}

// forwarder is one run of the app.
type forwarder struct {
	t    *testing.T
	url  string
	http *http.Client
	stop func() time.Duration // says how long it took
}

func datasetConfig(id, tokenFile string) config.Dataset {
	return config.Dataset{
		ID: id, TokenFile: tokenFile, Deadline: 168 * time.Hour, InFlight: 4, Dedup: 20000,
		Batch: config.Batch{Events: 100, Bytes: 1 << 20, Linger: 50 * time.Millisecond},
	}
}

func configOf(t *testing.T, names topic.Names, g *graph, datasets map[string]config.Dataset) *config.Config {
	t.Helper()
	addrs, _ := kafkatest.Brokers(t)
	return &config.Config{
		Kafka: config.Kafka{Brokers: addrs, Prefix: names.Prefix}, Datasets: datasets,
		Graph:     config.Graph{URL: g.URL, Version: "v25.0", Timeout: 30 * time.Second},
		Forwarder: config.Forwarder{Admin: "127.0.0.1:0"},
	}
}

// runWith runs a changed configuration that must end by itself.
func runWith(t *testing.T, names topic.Names, g *graph, change func(*config.Config)) error {
	t.Helper()
	cfg := configOf(t, names, g, map[string]config.Dataset{"shop": datasetConfig("111", tokenFile(t, "", rightToken))})
	change(cfg)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	return app.Run(ctx, cfg, lifecycle.Deps{Log: slog.New(slog.DiscardHandler), Level: new(slog.LevelVar)})
}

func start(t *testing.T, names topic.Names, g *graph, datasets map[string]config.Dataset) *forwarder {
	t.Helper()
	cfg := configOf(t, names, g, datasets)
	ctx, cancel := context.WithCancel(t.Context())
	addr, done := make(chan string, 1), make(chan error, 1)
	deps := lifecycle.Deps{Log: slog.New(slog.DiscardHandler), Level: new(slog.LevelVar), Started: func(_, a string) { addr <- a }}
	go func() { done <- app.Run(ctx, cfg, deps) }()
	f := &forwarder{t: t, http: &http.Client{Transport: &http.Transport{}}}
	f.stop = sync.OnceValue(func() time.Duration {
		began := time.Now()
		cancel()
		if err := <-done; err != nil {
			t.Errorf("a requested stop: %v", err)
		}
		f.http.CloseIdleConnections()
		return time.Since(began)
	})
	select {
	case a := <-addr:
		f.url = "http://" + a
	case err := <-done:
		t.Fatal(err)
	}
	t.Cleanup(func() { f.stop() })
	return f
}

func (f *forwarder) get(path string) (int, string) {
	f.t.Helper()
	req, err := http.NewRequestWithContext(context.Background(), http.MethodGet, f.url+path, nil)
	if err != nil {
		f.t.Fatal(err)
	}
	res, err := f.http.Do(req)
	if err != nil {
		f.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		f.t.Fatal(err)
	}
	return res.StatusCode, string(body)
}

func (f *forwarder) ready() bool {
	code, _ := f.get("/readyz")
	return code == http.StatusOK
}

func (f *forwarder) shows(series string) bool {
	_, metrics := f.get("/metrics")
	return strings.Contains(metrics, series+"\n")
}

// until asks again until ok or a minute is over.
func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(time.Minute); !ok(); <-tick.C {
		if time.Now().After(end) {
			t.Fatal("never: " + what)
		}
	}
}

// publish puts n signals of a dataset on Kafka, numbered from.
func publish(t *testing.T, client *stream.Client, names topic.Names, dataset string, from, n int) {
	t.Helper()
	p := client.NewProducer(stream.ProducerConfig{})
	defer func() { _ = p.Close(context.Background()) }()
	var recs []stream.Record
	for i := from; i < from+n; i++ {
		id := "e" + strconv.Itoa(i)
		recs = append(recs, signalOf(names, dataset, id, `{"event_name":"Purchase","event_id":"`+id+`"}`))
	}
	if err := p.Publish(t.Context(), recs...); err != nil {
		t.Fatal(err)
	}
}

func signalOf(names topic.Names, dataset, id, value string) stream.Record {
	s := event.Signal{
		ID: []byte(id), Source: []byte("/channels/website/web"), Time: time.Now(), EventTime: time.Now().Unix(),
		EventName: []byte("Purchase"), ActionSource: []byte("website"), Value: []byte("9.50"), Currency: []byte("EUR"),
	}
	return s.Record(names.Signals(dataset), []byte(value))
}

// fates reads all outcomes: by event id how often it ended how.
func fates(t *testing.T, client *stream.Client, names topic.Names) map[string]map[string]int {
	t.Helper()
	ended := map[string]map[string]int{}
	err := client.Scan(t.Context(), names.Outcomes(), time.Time{}, func(r *stream.Record) error {
		o, err := event.DecodeOutcome(r.Value)
		if err != nil {
			return err
		}
		for _, e := range o.Events {
			if ended[e.ID] == nil {
				ended[e.ID] = map[string]int{}
			}
			ended[e.ID][strings.TrimSpace(string(e.Fate)+" "+string(e.Reason))+" "+o.FBTraceID]++
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return ended
}

// tokenFile writes one as an operator does: beside it, then renamed.
func tokenFile(t *testing.T, file, token string) string {
	t.Helper()
	if file == "" {
		file = filepath.Join(t.TempDir(), "token")
	}
	if err := os.WriteFile(file+".new", []byte(token+"\n"), 0o400); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(file+".new", file); err != nil {
		t.Fatal(err)
	}
	return file
}
