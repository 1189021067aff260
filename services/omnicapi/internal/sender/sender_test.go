package sender

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/omnicapi/omnicapi/pkg/leaktest"
)

func TestMain(m *testing.M) { leaktest.Main(m) }

// fakeIngest stores lines and answers as ingest does, unless script has answered the request.
type fakeIngest struct {
	t      *testing.T
	mu     sync.Mutex // a request after a broken connection may come before the broken one's handler has ended
	stored []string
	posts  int
	script func(post int, w http.ResponseWriter) (answered bool)
}

func (f *fakeIngest) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.posts++
	if r.Header.Get("Authorization") != "Bearer s3cret" || r.Header.Get("Content-Type") != "application/x-ndjson" || r.URL.Path != "/v1/sources/store" {
		f.t.Errorf("request %s %v", r.URL.Path, r.Header)
	}
	text, err := io.ReadAll(r.Body)
	if err != nil {
		f.t.Error(err)
	}
	if f.script != nil && f.script(f.posts, w) {
		return
	}
	a := map[string]any{}
	var rejected []map[string]any
	accepted := 0
	for i, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		if strings.Contains(line, "bad") {
			rejected = append(rejected, map[string]any{"index": i, "field": "event_time", "reason": "invalid_field"})
			continue
		}
		accepted++
		f.stored = append(f.stored, line)
	}
	a["accepted"], a["rejected"] = accepted, rejected
	w.WriteHeader(http.StatusAccepted)
	if err := json.NewEncoder(w).Encode(a); err != nil {
		f.t.Error(err)
	}
}

// rig is a sender, its ingest and a file.
type rig struct {
	*Sender
	ingest  *fakeIngest
	path    string
	refused []Refusal
	waits   []time.Duration
}

func newRig(t *testing.T, maxBody int) *rig {
	t.Helper()
	r := &rig{ingest: &fakeIngest{t: t}, path: filepath.Join(t.TempDir(), "file")}
	server := httptest.NewServer(r.ingest)
	client := server.Client()
	t.Cleanup(func() { client.CloseIdleConnections(); server.Close() })
	r.Sender = &Sender{
		Source: "store", URL: server.URL + "/v1/sources/store", Secret: func() string { return "s3cret" },
		MaxBody: maxBody, GiveUp: time.Hour, Client: client,
		Refused: func(x Refusal) { x.File = ""; r.refused = append(r.refused, x) },
		Wait:    func(_ context.Context, d time.Duration) error { r.waits = append(r.waits, d); return nil },
	}
	return r
}

func (r *rig) send(ctx context.Context, text, fingerprint string) (Result, error) {
	return r.File(ctx, r.path, fingerprint, strings.NewReader(text), Lines(100))
}

func lines(n int) (text string, each []string) {
	for i := range n {
		each = append(each, fmt.Sprintf(`{"n":%d}`, i))
	}
	return strings.Join(each, "\n"), each
}

func TestSendBoundsRequests(t *testing.T) {
	r := newRig(t, 30)
	text, each := lines(10)
	res, err := r.send(t.Context(), "\ufeff"+strings.Replace(text, "\n", "\n\ufeff", 1)+"\n\n", "f") // two files, joined
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(each, r.ingest.stored); diff != "" {
		t.Error(diff)
	}
	if res.Accepted != 10 || res.Refused != 0 || r.ingest.posts != 4 {
		t.Errorf("%+v in %d posts", res, r.ingest.posts)
	}
	if _, err := os.Stat(StatePath(r.path)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the state is left behind: %v", err)
	}
}

func TestSendReportsRefusedRows(t *testing.T) {
	r := newRig(t, 1<<20)
	long := strings.Repeat("x", 101)
	res, err := r.send(t.Context(), "{\"n\":1}\n\n{\"bad\":2}\n"+long+"\n{\"n\":3}", "f")
	if err != nil {
		t.Fatal(err)
	}
	want := []Refusal{{Row: 4, Reason: "oversize"}, {Row: 3, Field: "event_time", Reason: "invalid_field"}}
	if diff := cmp.Diff(want, r.refused); diff != "" {
		t.Error(diff)
	}
	if res.Accepted != 2 || res.Refused != 2 {
		t.Errorf("%+v", res)
	}
}

func TestSendReportsARequestThatIsRefusedWhole(t *testing.T) {
	r := newRig(t, 1<<20)
	r.ingest.script = func(_ int, w http.ResponseWriter) bool {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, `{"title":"Bad Request","status":400,"accepted":0,"rejected":[{"index":0,"reason":"undecodable","detail":"not an object"}],"event_ids":[]}`)
		return true
	}
	res, err := r.send(t.Context(), "[1]", "f")
	if err != nil || res.Refused != 1 || r.refused[0].Reason != "undecodable" || r.refused[0].Detail != "not an object" {
		t.Errorf("%+v %v %v", res, r.refused, err)
	}
}

func TestSendWaitsAndRepeats(t *testing.T) {
	r := newRig(t, 1<<20)
	r.ingest.script = func(post int, w http.ResponseWriter) bool {
		switch post {
		case 1:
			w.Header().Set("Retry-After", "7")
			w.WriteHeader(http.StatusServiceUnavailable)
		case 2:
			w.WriteHeader(http.StatusTooManyRequests)
		case 3:
			panic(http.ErrAbortHandler) // the connection breaks
		default:
			return false
		}
		return true
	}
	res, err := r.send(t.Context(), `{"n":1}`, "f")
	if err != nil || res.Accepted != 1 {
		t.Fatalf("%+v %v", res, err)
	}
	if len(r.waits) != 3 || r.waits[0] < 7*time.Second || r.waits[1] > 30*time.Second {
		t.Errorf("waited %v", r.waits)
	}
}

func TestSendHalvesWhatIsTooLarge(t *testing.T) {
	r := newRig(t, 1<<20)
	r.ingest.script = func(post int, w http.ResponseWriter) bool {
		if post < 3 {
			w.WriteHeader(http.StatusRequestEntityTooLarge)
		}
		return post < 3
	}
	text, each := lines(4)
	res, err := r.send(t.Context(), text, "f")
	if err != nil || res.Accepted != 4 {
		t.Fatalf("%+v %v", res, err)
	}
	if diff := cmp.Diff(each, r.ingest.stored); diff != "" {
		t.Error(diff)
	}
}

func TestSendResumes(t *testing.T) {
	r := newRig(t, 30)
	text, each := lines(10)
	r.ingest.script = func(post int, w http.ResponseWriter) bool {
		if post == 3 {
			w.WriteHeader(http.StatusUnauthorized)
		}
		return post == 3
	}
	res, err := r.send(t.Context(), text, "f")
	if err == nil || !strings.Contains(err.Error(), "secret of source store") || res.Accepted != 6 {
		t.Fatalf("%+v %v", res, err)
	}
	res, err = r.send(t.Context(), text, "f")
	if err != nil || res.Accepted != 10 || res.Resumed != 6 {
		t.Fatalf("%+v %v", res, err)
	}
	if diff := cmp.Diff(each, r.ingest.stored); diff != "" {
		t.Errorf("repeated or lost:\n%s", diff)
	}
}

func TestSendBeginsAnewWithAnotherFile(t *testing.T) {
	r := newRig(t, 30)
	text, _ := lines(10)
	r.ingest.script = func(post int, w http.ResponseWriter) bool {
		if post == 2 {
			w.WriteHeader(http.StatusNotFound)
		}
		return post == 2
	}
	if _, err := r.send(t.Context(), text, "f"); err == nil || !strings.Contains(err.Error(), "does not know the source") {
		t.Fatal(err)
	}
	res, err := r.send(t.Context(), text, "changed")
	if err != nil || res.Accepted != 10 || res.Resumed != 0 {
		t.Errorf("%+v %v", res, err)
	}
}

func TestSendGivesUp(t *testing.T) {
	r := newRig(t, 30)
	r.GiveUp = 0
	r.ingest.script = func(_ int, w http.ResponseWriter) bool {
		w.WriteHeader(http.StatusServiceUnavailable)
		return true
	}
	if _, err := r.send(t.Context(), `{"n":1}`, "f"); err == nil || !strings.Contains(err.Error(), "answers 503") {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := r.send(ctx, `{"n":1}`, "f"); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// TestSendSaysWhyItWaits: the address without credentials, and the cause.
func TestSendSaysWhyItWaits(t *testing.T) {
	const closed = "127.0.0.1:1" // a port that nobody is given
	busy := newRig(t, 30)
	busy.ingest.script = func(_ int, w http.ResponseWriter) bool {
		w.WriteHeader(http.StatusServiceUnavailable)
		_, _ = w.Write([]byte(`{"detail":"kafka takes no writes"}`))
		return true
	}
	nobody := newRig(t, 30)
	nobody.URL = "http://ann:hidden@" + closed + "/v1/sources/store?token=hidden"
	address := func(r *rig) string {
		u, err := url.Parse(r.URL)
		if err != nil {
			t.Fatal(err)
		}
		return u.Host
	}
	for r, want := range map[*rig]string{
		nobody: "ingest at " + closed + " does not answer: dial tcp " + closed + ": connect: connection refused",
		busy:   "ingest at " + address(busy) + " answers 503: kafka takes no writes",
	} {
		ctx, cancel := context.WithCancel(t.Context())
		var said []string
		r.Waiting = func(why error, _ time.Duration) { said = append(said, why.Error()); cancel() }
		r.Wait = func(ctx context.Context, _ time.Duration) error { return ctx.Err() }
		if _, err := r.send(ctx, `{"n":1}`, "f"); !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		r.GiveUp = 0
		_, err := r.send(t.Context(), `{"n":1}`, "f")
		if len(said) != 1 || said[0] != want || err == nil || !strings.HasSuffix(err.Error(), want) || strings.Contains(err.Error(), "hidden") {
			t.Errorf("%q, %v, want %s", said, err, want)
		}
		cancel()
	}
	nobody.URL = "http://ann:hidden@%zz/"
	if _, err := nobody.send(t.Context(), `{"n":1}`, "f"); err == nil || strings.Contains(err.Error(), "hidden") {
		t.Error(err)
	}
}

func FuzzLines(f *testing.F) {
	f.Add("{}\n\n[1]\r\n" + strings.Repeat("y", 200))
	f.Fuzz(func(t *testing.T, text string) {
		last := 0
		err := Lines(100)(strings.NewReader(text), func(r Row) bool {
			if r.Number <= last || (r.Err == "") != (len(r.Item) > 0) || len(r.Item) > 100 || strings.ContainsRune(string(r.Item), '\n') {
				t.Errorf("row %d after %d: %q %q", r.Number, last, r.Item, r.Err)
			}
			last = r.Number
			return true
		})
		if err != nil {
			t.Error(err)
		}
	})
}
