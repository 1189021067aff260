package handle_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/trace/noop"

	"github.com/omnicapi/omnicapi/pkg/capi"
	"github.com/omnicapi/omnicapi/pkg/config"
	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/pkg/topic"
	"github.com/omnicapi/omnicapi/services/normalizer/internal/enrich"
	"github.com/omnicapi/omnicapi/services/normalizer/internal/handle"
)

// graph is asked for leads: it answers as it is told to at that moment.
type graph struct {
	mu      sync.Mutex
	answers *enrich.Answers // nil: it is down
	class   capi.Class      // while down
	took    time.Duration
	asked   int
}

func (g *graph) Lead(ctx context.Context, _ string) (*enrich.Answers, capi.Answer) {
	g.mu.Lock()
	took := g.took
	g.asked++
	g.mu.Unlock()
	if took > 0 {
		select {
		case <-time.After(took):
		case <-ctx.Done():
		}
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.answers == nil {
		return nil, capi.Answer{Class: g.class}
	}
	return g.answers, capi.Answer{Class: capi.OK}
}

func (*graph) Credentials() uint64 { return 0 }

func (g *graph) answer(a *enrich.Answers) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.answers = a
}

func (g *graph) tries() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.asked
}

// jane is what Graph answers of a lead, read by the real client.
func jane(t *testing.T) *enrich.Answers {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`{"id":"1","field_data":[{"name":"email","values":["jane.doe@example.com"]}]}`))
	}))
	defer s.Close()
	client := enrich.NewLeadGraph(config.Graph{URL: s.URL, Version: "v25.0", Timeout: 5 * time.Second}, config.StaticSecret("t"), nil)
	defer client.Close()
	answers, a := client.Lead(t.Context(), "1")
	if answers == nil {
		t.Fatal(a)
	}
	return answers
}

// crm is a worker with a source whose leads are looked up, one whose leads are not, and one that needs consent.
func crm(t *testing.T, p stream.Publisher, g *graph, own topic.Names) (*handle.Worker, *prometheus.Registry) {
	t.Helper()
	source := config.Source{Channel: "crm", Format: "meta.leadgen", Dataset: "shop", Consent: config.Consent{Unknown: "allow"}}
	strict := source
	strict.Consent.Unknown = "deny"
	cfg := &config.Config{
		Datasets: map[string]config.Dataset{"shop": {ID: "1234567890123456", Deadline: 168 * time.Hour}},
		Sources:  map[string]config.Source{"leads": source, "plain": source, "strict": strict},
	}
	sources, err := handle.NewSources(cfg, own)
	if err != nil {
		t.Fatal(err)
	}
	reg := prometheus.NewRegistry()
	m := handle.NewMetrics(reg, sources)
	log := slog.New(slog.DiscardHandler)
	sources.SetLeads("leads", enrich.NewLeads(g, log, m.Lookups("leads")))
	sources.SetLeads("strict", enrich.NewLeads(g, log, m.Lookups("strict")))
	h := handle.New(sources, at(payloadNow), log)
	return handle.NewWorker(h, p, own, m, noop.NewTracerProvider().Tracer(""), at(payloadNow), log), reg
}

// leadRecord is a lead as ingest stores it.
func leadRecord(own topic.Names, source, lead string) stream.Record {
	r := event.Raw{
		ID: []byte("leadgen-" + lead), Channel: []byte("crm"), Source: []byte(source), Key: []byte("k"), Time: time.Unix(payloadNow, 0).UTC(),
		Format: []byte("meta.leadgen"), Item: fmt.Appendf(nil, `{"leadgen_id":%q,"created_time":1795426200}`, lead),
	}
	return event.RawRecord(own.Events("crm"), &r, event.AppendRaw(nil, &r))
}

// withTime is a lead's record with another created_time.
func withTime(rec stream.Record, created int) stream.Record {
	rec.Value = bytes.Replace(rec.Value, []byte(`"created_time":1795426200`), fmt.Appendf(nil, `"created_time":%d`, created), 1)
	return rec
}

func leadChunk(recs ...stream.Record) stream.Chunk {
	for i := range recs {
		recs[i].Offset = int64(i)
	}
	return stream.Chunk{Topic: names.Events("crm"), Records: recs}
}

const (
	leadA, leadB = "1234567890123456", "1234567890123457"
	janeHash     = "86e0b9e56c17cc4d12387e1949b85053fbe73bc3ce5a1188713a9d300cc6133d"
)

// published are the ids of each publish, those with Jane's e-mail marked.
func (p *publisher) published() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	var calls []string
	for _, call := range p.calls {
		var ids []string
		for _, r := range call {
			id := strings.TrimPrefix(string(r.Key), "leadgen-")
			if strings.Contains(string(r.Value), janeHash) {
				id += " with em"
			}
			ids = append(ids, id)
		}
		calls = append(calls, strings.Join(ids, ", "))
	}
	return calls
}

// TestHeldAlone: a lead that Graph does not answer waits, the others of its chunk do not; answered, it goes on with the
// answers, and so does its repeat, at once.
func TestHeldAlone(t *testing.T) {
	answers := jane(t)
	synctest.Test(t, func(t *testing.T) {
		p, g := &publisher{}, &graph{class: capi.Transient}
		w, reg := crm(t, p, g, names)
		in, done := make(chan stream.Chunk), make(chan struct{})
		go func() { defer close(done); w.Work(t.Context(), t.Context(), in) }()
		in <- leadChunk(leadRecord(names, "plain", leadB), leadRecord(names, "leads", leadA), leadRecord(names, "plain", "1234567890123458"))
		<-time.After(time.Hour)
		if diff := cmp.Diff([]string{leadB + ", 1234567890123458"}, p.published()); diff != "" {
			t.Fatal(diff)
		}
		if n := held(t, reg); n != 1 {
			t.Errorf("%v held", n)
		}
		g.answer(answers)
		<-time.After(6 * time.Minute)
		in <- leadChunk(leadRecord(names, "leads", leadA))
		close(in)
		<-done
		want := []string{leadB + ", 1234567890123458", leadA + " with em", leadA + " with em"}
		if diff := cmp.Diff(want, p.published()); diff != "" {
			t.Error(diff)
		}
		if n := metric(t, reg, "omnicapi_normalizer_events_total", "source", "leads"); n != 2 {
			t.Errorf("%v counted", n)
		}
		if n := held(t, reg); n != 0 {
			t.Errorf("%v held", n)
		}
	})
}

// TestHeldUntilDeadline: in the end a lead goes on by its id, in time for the forwarder; one that comes too late is not
// held at all.
func TestHeldUntilDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, g := &publisher{}, &graph{class: capi.Setup}
		w, reg := crm(t, p, g, names)
		start := time.Now()
		work(w, t.Context(), leadChunk(leadRecord(names, "leads", leadA)))
		if d := time.Since(start); d != 166*time.Hour {
			t.Errorf("after %s", d)
		}
		if diff := cmp.Diff([]string{leadA}, p.published()); diff != "" {
			t.Error(diff)
		}
		if n := metric(t, reg, "omnicapi_normalizer_lookups_total", "result", "expired"); n != 1 {
			t.Errorf("%v expired", n)
		}
		start = time.Now()
		work(w, t.Context(), leadChunk(withTime(leadRecord(names, "leads", "1234567890123459"), payloadNow-100*3600)))
		if d := time.Since(start); d != 66*time.Hour {
			t.Errorf("a lead that was left 100 hours before it arrived goes on after %s", d)
		}
		late := leadRecord(names, "leads", leadB)
		old := event.Raw{
			ID: []byte("leadgen-" + leadB), Channel: []byte("crm"), Source: []byte("leads"), Time: time.Unix(payloadNow, 0).Add(-167 * time.Hour),
			Format: []byte("meta.leadgen"), Item: []byte(`{"leadgen_id":"` + leadB + `","created_time":1795426200}`),
		}
		late.Value = event.AppendRaw(nil, &old)
		start, asked := time.Now(), g.tries()
		work(w, t.Context(), leadChunk(late))
		if calls := p.published(); calls[len(calls)-1] != leadB || time.Since(start) != 0 || g.tries() != asked {
			t.Errorf("%v after %s, %d tries", calls, time.Since(start), g.tries()-asked)
		}
	})
}

// TestHeldForgotten: the end of a generation forgets what is held, at once, and whatever waits for room.
func TestHeldForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, g := &publisher{}, &graph{class: capi.Transient, took: 24 * time.Hour}
		w, reg := crm(t, p, g, names)
		ended, end := context.WithCancel(t.Context())
		in, done := make(chan stream.Chunk), make(chan struct{})
		go func() { defer close(done); w.Work(ended, t.Context(), in) }()
		var many []stream.Record
		for i := range 1500 {
			many = append(many, leadRecord(names, "leads", strconv.Itoa(1234567890120000+i)))
		}
		in <- leadChunk(many...)
		<-time.After(time.Minute)
		if n := held(t, reg); n != 1000 {
			t.Errorf("%v held", n)
		}
		start := time.Now()
		end()
		close(in)
		<-done
		if len(p.published()) != 0 || time.Since(start) != 0 {
			t.Errorf("%d publishes, after %s", len(p.published()), time.Since(start))
		}
		if n := held(t, reg); n != 0 {
			t.Errorf("%v held", n)
		}
	})
}

// TestHeldEnds: a lead of which nothing can be known may end here, with its own outcome; one without consent is not even
// asked for.
func TestHeldEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, g := &publisher{}, &graph{class: capi.Invalid}
		w, reg := crm(t, p, g, names)
		work(w, t.Context(), leadChunk(leadRecord(names, "strict", leadA), leadRecord(names, "leads", "444444444444")))
		if g.tries() != 1 {
			t.Errorf("%d tries", g.tries())
		}
		if n := metric(t, reg, "omnicapi_deadletters_total", "reason", "no_identity"); n != 1 {
			t.Errorf("%v dead letters", n)
		}
		if n := metric(t, reg, "omnicapi_normalizer_events_total", "reason", "consent"); n != 1 {
			t.Errorf("%v without consent", n)
		}
	})
}

// held is how many records the metrics say wait.
func held(t *testing.T, reg prometheus.Gatherer) (n float64) {
	t.Helper()
	families, err := reg.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		for _, m := range f.GetMetric() {
			if f.GetName() == "omnicapi_normalizer_held_records" {
				n += m.GetGauge().GetValue()
			}
		}
	}
	return n
}
