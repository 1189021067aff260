package graph

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/pkg/capi"
	"github.com/omnicapi/omnicapi/pkg/config"
	"github.com/omnicapi/omnicapi/pkg/leaktest"
	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/services/forwarder/internal/batch"
)

func TestMain(m *testing.M) { leaktest.Main(m) }

const canary = "EAAcanaryTOKEN"

func request(n, size int) *batch.Request {
	r := &batch.Request{}
	for i := range n {
		value := []byte(fmt.Sprintf(`{"event_id":"%d","x":"`, i))
		for len(value) < size-2 {
			value = append(value, 'x')
		}
		r.Events = append(r.Events, batch.Event{Record: &stream.Record{Value: append(value, `"}`...)}})
	}
	return r
}

func serve(t *testing.T, h http.HandlerFunc) *httptest.Server {
	t.Helper()
	s := httptest.NewUnstartedServer(h)
	s.EnableHTTP2 = true // the poster must not take it
	s.StartTLS()
	t.Cleanup(s.Close)
	return s
}

func poster(t testing.TB, s *httptest.Server, change func(*Config)) *Poster {
	t.Helper()
	cfg := Config{
		URL: s.URL, Version: "v25.0", DatasetID: "1234567890", Timeout: time.Minute, InFlight: 4,
		Token: config.StaticSecret(canary),
	}
	if tr, ok := s.Client().Transport.(*http.Transport); ok && tr.TLSClientConfig != nil {
		cfg.Roots = &tls.Config{RootCAs: tr.TLSClientConfig.RootCAs, MinVersion: tls.VersionTLS12}
	}
	if change != nil {
		change(&cfg)
	}
	p, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p
}

const good = `{"events_received":2,"messages":[],"fbtrace_id":"Abc-1_x"}`

func TestRequest(t *testing.T) {
	var got *http.Request
	var body []byte
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		got = r
		body, _ = io.ReadAll(r.Body)
		_, _ = io.WriteString(w, good)
	})
	p := poster(t, s, func(c *Config) { c.AppSecret = config.StaticSecret("appsecret") })
	req := request(2, 10)
	req.Params = []byte(`,"partner_agent":"x"`)
	a := p.Post(t.Context(), req)
	if a.Class != capi.OK || a.FBTraceID != "Abc-1_x" || a.Received != 2 || a.Aborted {
		t.Errorf("answer %+v", a)
	}
	mac := hmac.New(sha256.New, []byte("appsecret"))
	mac.Write([]byte(canary))
	want := `{"data":[{"event_id":"0","x":""},{"event_id":"1","x":""}],"partner_agent":"x","appsecret_proof":"` + hex.EncodeToString(mac.Sum(nil)) + `"}`
	if string(body) != want {
		t.Errorf("body %s\nwant %s", body, want)
	}
	if len(body) > req.Size() {
		t.Errorf("%d bytes, reckoned %d", len(body), req.Size())
	}
	if got.Method != http.MethodPost || got.RequestURI != "/v25.0/1234567890/events" || got.Proto != "HTTP/1.1" {
		t.Errorf("%s %s %s", got.Method, got.RequestURI, got.Proto)
	}
	if got.Header.Get("Authorization") != "Bearer "+canary || got.Header.Get("Content-Type") != "application/json" ||
		got.Header.Get("Content-Encoding") != "" || got.ContentLength != int64(len(body)) {
		t.Errorf("headers %v", got.Header)
	}
	if strings.Contains(string(body)+got.RequestURI, canary) {
		t.Error("the token is in the body or the URL")
	}
}

func TestAnswers(t *testing.T) {
	for name, c := range map[string]struct {
		status int
		header map[string]string
		body   string
		want   capi.Class
	}{
		"good":             {200, nil, good, capi.OK},
		"partial":          {200, nil, `{"events_received":1,"fbtrace_id":"A"}`, capi.Partial},
		"html":             {200, nil, "<html>sorry</html>", capi.Transient},
		"empty":            {200, nil, "", capi.Transient},
		"ten megabytes":    {200, nil, `{"x":"` + strings.Repeat("x", 10<<20) + `"}`, capi.Transient},
		"wrong token":      {401, nil, `{"error":{"code":190,"type":"OAuthException","message":"m","fbtrace_id":"A"}}`, capi.Setup},
		"invalid":          {400, nil, `{"error":{"code":100,"error_subcode":2804009,"message":"m"}}`, capi.Invalid},
		"too large":        {413, nil, "no", capi.TooLarge},
		"too many":         {429, map[string]string{"Retry-After": "7"}, "no", capi.Throttle},
		"down":             {503, nil, "", capi.Transient},
		"redirected":       {302, map[string]string{"Location": "https://elsewhere.invalid/"}, "", capi.Transient},
		"unknown":          {400, nil, `{"error":{"code":987654,"message":"m"}}`, capi.Unknown},
		"said transient":   {400, nil, `{"error":{"code":987654,"is_transient":true,"message":"m"}}`, capi.Transient},
		"usage is carried": {200, map[string]string{"X-App-Usage": `{"call_count":83}`}, good, capi.OK},
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, func(w http.ResponseWriter, r *http.Request) {
				_, _ = io.Copy(io.Discard, r.Body)
				for k, v := range c.header {
					w.Header().Set(k, v)
				}
				w.WriteHeader(c.status)
				_, _ = io.WriteString(w, c.body)
			})
			a := poster(t, s, nil).Post(t.Context(), request(2, 10))
			if a.Class != c.want || a.Aborted {
				t.Errorf("%+v, want %s", a, c.want)
			}
			if c.header["X-App-Usage"] != "" && a.Usage != .83 || c.header["X-App-Usage"] == "" && a.Usage >= 0 {
				t.Errorf("usage %v", a.Usage)
			}
			if c.header["Retry-After"] != "" && a.RetryAfter != 7*time.Second {
				t.Errorf("retry after %v", a.RetryAfter)
			}
		})
	}
}

func TestNoAnswer(t *testing.T) {
	hang := func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // only then the server notices that the client went away
		<-r.Context().Done()
	}
	cut := func(after string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body) // a close with unread bytes is a reset
			c, _, err := http.NewResponseController(w).Hijack()
			if err != nil {
				panic(err)
			}
			_, _ = io.WriteString(c, after)
			_ = c.Close()
		}
	}
	drip := func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		for range 1000 {
			select {
			case <-r.Context().Done():
				return
			case <-time.After(20 * time.Millisecond):
			}
			_, _ = io.WriteString(w, " ")
			_ = http.NewResponseController(w).Flush()
		}
	}
	for name, c := range map[string]struct {
		handler http.HandlerFunc
		timeout time.Duration
		cause   string
	}{
		"hangs":           {hang, 300 * time.Millisecond, "timeout"},
		"drips":           {drip, 300 * time.Millisecond, "timeout"},
		"cut at once":     {cut(""), time.Minute, "closed"},
		"cut in the body": {cut("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"), time.Minute, "closed"},
	} {
		t.Run(name, func(t *testing.T) {
			p := poster(t, serve(t, c.handler), func(cfg *Config) { cfg.Timeout = c.timeout })
			a := p.Post(t.Context(), request(1, 100))
			if a.Class != capi.Transient || a.Cause != c.cause || a.Aborted || a.Usage >= 0 {
				t.Errorf("%+v, want transient by %s", a, c.cause)
			}
			if text := fmt.Sprintf("%+v", a); strings.Contains(text, canary) || strings.Contains(text, "127.0.0.1") {
				t.Errorf("the answer gives away: %s", text)
			}
		})
	}
	t.Run("refused", func(t *testing.T) {
		s := serve(t, func(http.ResponseWriter, *http.Request) {})
		s.Close()
		if a := poster(t, s, nil).Post(t.Context(), request(1, 100)); a.Class != capi.Transient || a.Cause != "refused" {
			t.Errorf("%+v", a)
		}
	})
	t.Run("aborted", func(t *testing.T) {
		p := poster(t, serve(t, hang), nil)
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		time.AfterFunc(50*time.Millisecond, cancel)
		if a := p.Post(ctx, request(1, 100)); !a.Aborted {
			t.Errorf("%+v", a)
		}
	})
}

// TestAnswerAfterHangingUp: a server that hears us hang up may end its answer properly; that is no answer of Meta's.
func TestAnswerAfterHangingUp(t *testing.T) {
	ended := roundTripper(func(r *http.Request) (*http.Response, error) {
		<-r.Context().Done()
		return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: http.NoBody}, nil
	})
	s := serve(t, func(http.ResponseWriter, *http.Request) {})
	p := poster(t, s, func(c *Config) { c.Timeout = time.Millisecond })
	p.client.Transport = ended
	if a := p.Post(t.Context(), request(1, 100)); a.Class != capi.Transient || a.Cause != "timeout" || a.Aborted {
		t.Errorf("timed out: %+v", a)
	}
	p = poster(t, s, nil)
	p.client.Transport = ended
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if a := p.Post(ctx, request(1, 100)); !a.Aborted {
		t.Errorf("aborted: %+v", a)
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// TestRedirectIsNotFollowed: the token would be carried elsewhere.
func TestRedirectIsNotFollowed(t *testing.T) {
	var elsewhere atomic.Int32
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/elsewhere" {
			elsewhere.Add(1)
		}
		http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
	})
	poster(t, s, nil).Post(t.Context(), request(1, 100))
	if elsewhere.Load() != 0 {
		t.Error("a redirect was followed")
	}
}

// TestConnectionsAreKept: posts in a row share a connection, posts at a time have one each.
func TestConnectionsAreKept(t *testing.T) {
	t.Setenv("HTTPS_PROXY", "http://127.0.0.1:1")
	var conns atomic.Int32
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		_, _ = io.WriteString(w, `{"events_received":3}`)
	}))
	s.Config.ConnState = func(_ net.Conn, st http.ConnState) {
		if st == http.StateNew {
			conns.Add(1)
		}
	}
	s.StartTLS()
	t.Cleanup(s.Close)
	p := poster(t, s, nil)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 20 {
				if a := p.Post(t.Context(), request(3, 1000)); a.Class != capi.OK {
					t.Errorf("%+v", a)
				}
			}
		})
	}
	wg.Wait()
	if n := conns.Load(); n > 4 {
		t.Errorf("%d connections for 4 posters", n)
	}
}

// TestEarlyAnswers: a server that answers before it has read the body; a buffer still being sent is not used again (-race).
func TestEarlyAnswers(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusRequestEntityTooLarge) })
	p := poster(t, s, nil)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 10 {
				a := p.Post(t.Context(), request(200, 2000))
				if a.Class != capi.TooLarge && a.Class != capi.Transient {
					t.Errorf("%+v", a)
				}
			}
		})
	}
	wg.Wait()
}

func TestTokenFileIsReadAgain(t *testing.T) {
	file := filepath.Join(t.TempDir(), "token")
	write := func(token string) {
		tmp := file + ".new"
		if err := os.WriteFile(tmp, []byte(token+"\n"), 0o400); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(tmp, file); err != nil {
			t.Fatal(err)
		}
	}
	write("first")
	token, err := config.OpenSecret(file)
	if err != nil {
		t.Fatal(err)
	}
	var seen atomic.Value
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		seen.Store(r.Header.Get("Authorization"))
		_, _ = io.WriteString(w, good)
	})
	p := poster(t, s, func(c *Config) { c.Token = token })
	p.Post(t.Context(), request(2, 10))
	before := p.Credentials()
	if seen.Load() != "Bearer first" {
		t.Fatalf("sent %v", seen.Load())
	}
	write("second")
	limit := time.After(time.Minute)
	for p.Credentials() == before {
		select {
		case <-limit:
			t.Fatal("a new token is never seen")
		case <-time.After(20 * time.Millisecond):
		}
	}
	p.Post(t.Context(), request(2, 10))
	if seen.Load() != "Bearer second" {
		t.Errorf("sent %v", seen.Load())
	}
}

func TestNewRefuses(t *testing.T) {
	for _, url := range []string{"", "graph.facebook.com", "ftp://x", "https://user:pw@x", "https://x?access_token=t", "https://x/%zz"} {
		if _, err := New(Config{URL: url, Token: config.StaticSecret("t")}); err == nil {
			t.Errorf("%q is taken", url)
		}
	}
	if _, err := New(Config{URL: "https://x"}); err == nil {
		t.Error("no token is taken")
	}
}

func TestCause(t *testing.T) {
	for want, err := range map[string]error{
		"dns":     fmt.Errorf("posting: %w", &net.DNSError{Err: "no such host", Name: "secret.example"}),
		"timeout": fmt.Errorf("posting: %w", context.DeadlineExceeded),
		"reset":   fmt.Errorf("posting: %w", syscall.ECONNRESET),
		"closed":  fmt.Errorf("posting: %w", io.ErrUnexpectedEOF),
		"network": errors.New("anything else, with " + canary),
	} {
		if got := cause(err); got != want {
			t.Errorf("%v: %s, want %s", err, got, want)
		}
	}
}
