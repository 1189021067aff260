package httpapi

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"
)

func zip(tb testing.TB, data []byte) []byte {
	tb.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write(data); err != nil {
		tb.Fatal(err)
	}
	if err := z.Close(); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

// padded is a capi body of exactly size bytes.
func padded(size int) string {
	const head, tail = `{"data":[` + oneEvent + `]`, `}`
	return head + strings.Repeat(" ", size-len(head)-len(tail)) + tail
}

// TestBodySize: the limit holds on decompressed bytes, announced or not.
func TestBodySize(t *testing.T) {
	const limit = 64 << 10
	tests := []struct {
		name    string
		body    string
		chunked bool
		zipped  bool
		status  int
	}{
		{"at the limit", padded(limit), false, false, 200},
		{"at the limit, chunked", padded(limit), true, false, 200},
		{"at the limit, zipped", padded(limit), false, true, 200},
		{"over", padded(limit + 1), false, false, 413},
		{"over, chunked", padded(limit + 1), true, false, 413},
		{"over, zipped", padded(limit + 1), false, true, 413},
		{"over, zipped and chunked", padded(limit + 1), true, true, 413},
	}
	f := newFixture(t, func(o *Options) { o.Config.MaxBody = limit })
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			body := []byte(tt.body)
			if tt.zipped {
				body = zip(t, body)
			}
			r := httptest.NewRequest(http.MethodPost, graphPath, bytes.NewReader(body))
			r.Header.Set("Authorization", "Bearer EAAtestToken")
			if tt.zipped {
				r.Header.Set("Content-Encoding", "gzip")
			}
			if tt.chunked {
				r.ContentLength = -1
			}
			w := newRecorder()
			f.ServeHTTP(w, r)
			if w.Code != tt.status {
				t.Errorf("%d %s", w.Code, w.Body)
			}
		})
	}
	if used := f.bodies.used; used != 0 {
		t.Errorf("%d bytes of the budget are not given back", used)
	}
}

// TestBombs: a small body that unpacks to much is refused before it has taken memory.
func TestBombs(t *testing.T) {
	zeros := zip(t, make([]byte, 32<<20))
	f := newFixture(t, nil)
	bombs := map[string][]byte{
		"zeros":        zeros,
		"concatenated": bytes.Repeat(zip(t, make([]byte, 1<<20)), 64),
		"nested":       zip(t, zeros),
	}
	for name, bomb := range bombs {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			r := httptest.NewRequest(http.MethodPost, graphPath, bytes.NewReader(bomb))
			r.Header.Set("Authorization", "Bearer EAAtestToken")
			r.Header.Set("Content-Encoding", "gzip")
			w := newRecorder()
			f.ServeHTTP(w, r)
			runtime.ReadMemStats(&after)
			if w.Code != http.StatusRequestEntityTooLarge && w.Code != http.StatusBadRequest {
				t.Errorf("%d %s", w.Code, w.Body)
			}
			if grown := after.TotalAlloc - before.TotalAlloc; grown > 24<<20 {
				t.Errorf("took %d MiB", grown>>20)
			}
		})
	}
}

// TestRatio: what unpacks to more than 200 times its size is refused though it is below max_body.
func TestRatio(t *testing.T) {
	f := newFixture(t, nil)
	w := f.post(graphPath, string(zip(t, []byte(padded(4<<20)))), goodToken, "Content-Encoding: gzip")
	if w.Code != http.StatusRequestEntityTooLarge || !strings.Contains(w.Body.String(), "too tightly") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// TestBrokenGzip is a refusal, not a panic or a 5xx.
func TestBrokenGzip(t *testing.T) {
	f := newFixture(t, nil)
	good := string(zip(t, []byte(oneBody)))
	for name, body := range map[string]string{"none": oneBody, "cut": good[:len(good)-6], "empty": "", "flipped": good[:20] + "\x00" + good[21:]} {
		if w := f.post(graphPath, body, goodToken, "Content-Encoding: gzip"); w.Code != http.StatusBadRequest {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
	}
	if w := f.post(graphPath, good, goodToken, "Content-Encoding: gzip"); w.Code != http.StatusOK {
		t.Errorf("after them: %d %s", w.Code, w.Body)
	}
}

// TestBudget: bodies beyond max_pending together are refused with 503, and let in again when others have gone.
func TestBudget(t *testing.T) {
	f := newFixture(t, func(o *Options) { o.Config.MaxPending = 64 << 10 })
	var other share
	if !f.bodies.take(&other, 60<<10) {
		t.Fatal("no room at the start")
	}
	w := f.post(graphPath, oneBody, goodToken)
	if w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	f.bodies.free(&other)
	if w := f.post(graphPath, oneBody, goodToken); w.Code != http.StatusOK {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// TestSlowClients: neither a slow head nor a slow body holds a connection, and others are served meanwhile.
func TestSlowClients(t *testing.T) {
	f := newFixture(t, nil)
	server := f.Server()
	if server.ReadHeaderTimeout != 5*time.Second || server.ReadTimeout != 30*time.Second || server.IdleTimeout != 120*time.Second || server.MaxHeaderBytes != 16<<10 {
		t.Errorf("timeouts: %v %v %v, %d bytes", server.ReadHeaderTimeout, server.ReadTimeout, server.IdleTimeout, server.MaxHeaderBytes)
	}
	server.ReadHeaderTimeout, server.ReadTimeout = 2*time.Second, 3*time.Second // for the good one, too
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- server.Serve(l) }()
	defer func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
		<-done
	}()
	var slow []net.Conn
	for range 50 {
		c, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		slow = append(slow, c)
		if _, err := io.WriteString(c, "POST "+graphPath+" HTTP/1.1\r\nHost: x\r\nX-Slow: "); err != nil {
			t.Fatal(err)
		}
	}
	body, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	slow = append(slow, body)
	if _, err := io.WriteString(body, "POST "+graphPath+" HTTP/1.1\r\nHost: x\r\n"+goodToken+"\r\nContent-Length: 100\r\n\r\n{"); err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+l.Addr().String()+graphPath, strings.NewReader(oneBody))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer EAAtestToken")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	if err := resp.Body.Close(); err != nil || resp.StatusCode != http.StatusOK {
		t.Errorf("a good client meanwhile: %d, %v", resp.StatusCode, err)
	}
	http.DefaultClient.CloseIdleConnections()
	answer, err := http.ReadResponse(bufio.NewReader(body), nil)
	if err != nil || answer.StatusCode != http.StatusRequestTimeout {
		t.Errorf("slow body: %v, %v", answer, err)
	}
	for _, c := range slow[:50] {
		if err := c.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, c); err != nil {
			t.Fatalf("a slow head's connection was not closed: %v", err)
		}
	}
	for _, c := range slow {
		_ = c.Close()
	}
}
