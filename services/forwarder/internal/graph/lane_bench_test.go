package graph

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/trace/noop"

	"github.com/omnicapi/omnicapi/pkg/capi"
	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/services/forwarder/internal/batch"
	"github.com/omnicapi/omnicapi/services/forwarder/internal/lane"
)

const (
	benchBatch  = 1000
	benchBytes  = 1248 // a Purchase from a website with 12 identity fields and two articles, as pkg/capi encodes it
	benchWide   = 4
	benchChunks = 21 // of 1000 events; with 20 000 records looked back over, an id is forgotten just before it comes again
	benchDedup  = (benchChunks - 1) * benchBatch
)

// sink takes batches of 1000 as Meta does, over TLS.
func sink(b *testing.B) *httptest.Server {
	b.Helper()
	answer := []byte(`{"events_received":` + strconv.Itoa(benchBatch) + `,"messages":[],"fbtrace_id":"A"}`)
	s := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		_, _ = w.Write(answer)
	}))
	b.Cleanup(s.Close)
	return s
}

// benchRecords are chunks as a consumer brings them, ids all different.
func benchRecords() [][]stream.Record {
	chunks := make([][]stream.Record, benchChunks)
	value := request(1, benchBytes).Events[0].Record.Value
	for c := range chunks {
		chunks[c] = make([]stream.Record, benchBatch)
		for i := range chunks[c] {
			n := c*benchBatch + i
			s := event.Signal{
				ID: strconv.AppendInt([]byte("order-"), int64(n), 10), Source: []byte("/channels/website/web"), Time: time.Now(),
				EventTime: time.Now().Unix(), EventName: []byte("Purchase"), ActionSource: []byte("website"),
				Value: []byte("12.50"), Currency: []byte("EUR"),
			}
			chunks[c][i] = s.Record("signals.shop", append([]byte(nil), value...))
			chunks[c][i].Offset = int64(n)
		}
	}
	return chunks
}

// settled tells when as many events are settled as were fed.
type settled struct {
	n    atomic.Int64
	want atomic.Int64
	all  chan struct{}
}

func (s *settled) SettleRun(_, n int) {
	if s.n.Add(int64(n)) == s.want.Load() {
		s.all <- struct{}{}
	}
}

// fates is a Publisher that is as fast as can be: what is measured is the forwarder, not Kafka.
type fates struct{}

func (fates) Publish(context.Context, ...stream.Record) error { return nil }

// reference posts the chunks spliced, benchWide at a time, without a lane. Its answers are classified as the lane's are.
type reference struct {
	poster   *Poster
	requests []*batch.Request
	next     atomic.Int64
}

func newReference(p *Poster, chunks [][]stream.Record) *reference {
	ref := &reference{poster: p}
	for _, recs := range chunks {
		r := &batch.Request{}
		for i := range recs {
			r.Events = append(r.Events, batch.Event{Record: &recs[i]})
		}
		ref.requests = append(ref.requests, r)
	}
	return ref
}

func (ref *reference) post(b *testing.B, n int) {
	b.Helper()
	var left atomic.Int64
	left.Store(int64(n))
	var wg sync.WaitGroup
	for range benchWide {
		wg.Go(func() {
			for left.Add(-1) >= 0 {
				r := ref.requests[int(ref.next.Add(1))%benchChunks]
				if a := ref.poster.Post(b.Context(), r); a.Class != capi.OK {
					b.Errorf("%+v", a)
					return
				}
			}
		})
	}
	wg.Wait()
}

// running is a lane that posts the same chunks: decode, look for duplicates, batch, post, write outcomes, settle.
type running struct {
	chunks [][]stream.Record
	next   int
	in     chan lane.Chunk
	all    settled
}

func startLane(b *testing.B, p *Poster, chunks [][]stream.Record) *running {
	b.Helper()
	l := lane.New(lane.Config{
		Dataset: "shop", Limits: batch.Limits{Events: benchBatch, Bytes: 2 << 20, Linger: time.Second}, InFlight: benchWide,
		Dedup: benchDedup, Deadline: 168 * time.Hour, Outcomes: "outcomes", DeadLetters: "deadletters",
	}, p, fates{}, lane.NewMetrics(prometheus.NewRegistry(), []string{"shop"}), noop.NewTracerProvider().Tracer(""), slog.New(slog.DiscardHandler))
	ctx, stop := context.WithCancel(b.Context())
	r := &running{chunks: chunks, in: make(chan lane.Chunk), all: settled{all: make(chan struct{}, 1)}}
	done := make(chan struct{})
	go func() {
		defer close(done)
		l.Work(ctx, context.Background(), r.in)
	}()
	b.Cleanup(func() { stop(); <-done })
	return r
}

// post feeds n chunks and waits until they are settled.
func (r *running) post(b *testing.B, n int) {
	b.Helper()
	r.all.want.Add(int64(n) * benchBatch)
	for range n {
		r.in <- lane.Chunk{Records: r.chunks[r.next%benchChunks], Settler: &r.all}
		r.next++
	}
	<-r.all.all
}

// BenchmarkSplicedPosts is the reference: the same bodies posted 4 at a time over TLS, without a lane.
func BenchmarkSplicedPosts(b *testing.B) {
	ref := newReference(poster(b, sink(b), nil), benchRecords())
	ref.post(b, 2*benchChunks)
	b.SetBytes(int64(ref.requests[0].Size()))
	b.ReportAllocs()
	b.ResetTimer()
	ref.post(b, b.N)
}

// BenchmarkLane is the whole forwarder but Kafka.
func BenchmarkLane(b *testing.B) {
	r := startLane(b, poster(b, sink(b), nil), benchRecords())
	r.post(b, 2*benchChunks)
	b.SetBytes(benchBatch * (benchBytes + 1))
	b.ReportAllocs()
	b.ResetTimer()
	r.post(b, b.N)
}

// cpu is what this process has taken of the machine's cores.
func cpu(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkRatio is both in turns in one run, so that a noisy machine slows both: lane/posts is the lane's throughput as a
// part of the reference's. The target is 0.8. cpu-lane/posts is the same in processor time, which others do not take part
// in.
func BenchmarkRatio(b *testing.B) {
	chunks := benchRecords()
	ref := newReference(poster(b, sink(b), nil), chunks)
	r := startLane(b, poster(b, sink(b), nil), chunks)
	ref.post(b, 2*benchChunks)
	r.post(b, 2*benchChunks)
	const turn = 100
	var posts, lanes, cpuPosts, cpuLanes time.Duration
	b.ResetTimer()
	for range b.N {
		begun, used := time.Now(), cpu(b)
		ref.post(b, turn)
		posts += time.Since(begun)
		cpuPosts += cpu(b) - used
		begun, used = time.Now(), cpu(b)
		r.post(b, turn)
		lanes += time.Since(begun)
		cpuLanes += cpu(b) - used
	}
	b.ReportMetric(float64(posts)/float64(lanes), "lane/posts")
	b.ReportMetric(float64(cpuPosts)/float64(cpuLanes), "cpu-lane/posts")
	b.ReportMetric(float64(lanes)/float64(b.N*turn*benchBatch), "ns/event")
}
