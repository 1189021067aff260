package admin

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/pkg/config"
)

const operatorToken = "CANARY-0123456789abcdef"

// tokenFile writes a token's file.
func tokenFile(t *testing.T, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(file, []byte(text+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func guardOf(t *testing.T, o config.Operators) *Guard {
	t.Helper()
	g, err := NewGuard(o, "127.0.0.1:9080", quiet)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// asked is a request of somebody who has the socket at the other end.
type asked struct {
	from, to string // addresses; "": 127.0.0.1
	uid      int
	unknown  error // instead of the uid
	header   map[string]string
	host     string // "": localhost
}

// status is how a handler behind the guard's middlewares answers.
func (a asked) status(t *testing.T, g *Guard, behind func(http.Handler) http.Handler, method string) int {
	t.Helper()
	addr := func(text string) netip.AddrPort {
		if text == "" {
			text = "127.0.0.1"
		}
		return netip.AddrPortFrom(netip.MustParseAddr(text), 9080)
	}
	g.owner = func(netip.AddrPort, netip.AddrPort) (int, error) { return a.uid, a.unknown }
	r := httptest.NewRequestWithContext(t.Context(), method, "http://localhost:9080/", nil)
	if a.host != "" {
		r.Host = a.host
	}
	for name, value := range a.header {
		r.Header.Set(name, value)
	}
	from, to := addr(a.from), addr(a.to)
	r = r.WithContext(ConnContext(r.Context(), fakeConn{remote: net.TCPAddrFromAddrPort(from), local: net.TCPAddrFromAddrPort(to)}))
	w := httptest.NewRecorder()
	g.Address(behind(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }))).ServeHTTP(w, r)
	if body := w.Body.String(); w.Code >= 400 && (!strings.Contains(body, `"detail"`) || strings.Contains(body, "CANARY")) {
		t.Errorf("%d says %s", w.Code, body)
	}
	if (w.Code == http.StatusUnauthorized) != (w.Header().Get("WWW-Authenticate") != "") {
		t.Errorf("%d asks for %q", w.Code, w.Header().Get("WWW-Authenticate"))
	}
	return w.Code
}

type fakeConn struct {
	net.Conn
	remote, local net.Addr
}

func (c fakeConn) RemoteAddr() net.Addr { return c.remote }
func (c fakeConn) LocalAddr() net.Addr  { return c.local }

// waitFor waits until something holds.
func waitFor(t *testing.T, what string, holds func() bool) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.After(30 * time.Second); !holds(); {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("not in time: %s", what)
		}
	}
}

// TestGuard (T46): who may change something, and who may read what is not for everybody; with a token's file and without.
func TestGuard(t *testing.T) {
	me, other := os.Geteuid(), os.Geteuid()+1
	bearer := func(text string) map[string]string { return map[string]string{"Authorization": "Bearer " + text} }
	const passes, needsToken, needsUser = http.StatusNoContent, http.StatusUnauthorized, http.StatusForbidden
	for name, c := range map[string]struct {
		asked
		change, changeWithToken, private, privateWithToken int
	}{
		"this user":                  {asked{uid: me}, passes, passes, passes, passes},
		"root":                       {asked{uid: 0}, passes, passes, passes, passes},
		"another user":               {asked{uid: other}, needsUser, needsToken, needsUser, needsToken},
		"another user by IPv6":       {asked{uid: other, from: "::1", to: "::1"}, needsUser, needsToken, needsUser, needsToken},
		"another user by IPv4 in 6":  {asked{uid: other, from: "::ffff:127.0.0.1"}, needsUser, needsToken, needsUser, needsToken},
		"another user, own address":  {asked{uid: other, from: "192.0.2.7", to: "192.0.2.7"}, needsUser, needsToken, needsUser, needsToken},
		"this user, own address":     {asked{uid: me, from: "192.0.2.7", to: "192.0.2.7"}, passes, passes, passes, passes},
		"nobody has the socket":      {asked{unknown: errNotInTable}, needsUser, needsToken, needsUser, needsToken},
		"no descriptor is left":      {asked{unknown: errors.New("too many open files")}, needsUser, needsToken, needsUser, needsToken},
		"a system without the table": {asked{unknown: errNoTable}, passes, passes, passes, passes},
		"a proxy for another":        {asked{uid: me, header: map[string]string{"X-Forwarded-For": "192.0.2.1"}}, needsUser, needsToken, needsUser, needsToken},
		"another machine":            {asked{uid: me, from: "192.0.2.1"}, needsUser, needsToken, passes, needsToken},
		"another machine, no table":  {asked{unknown: errNoTable, from: "192.0.2.1"}, needsUser, needsToken, passes, needsToken},
		"another machine's token":    {asked{from: "192.0.2.1", header: bearer(operatorToken)}, needsUser, passes, passes, passes},
		"another user's token":       {asked{uid: other, header: bearer(operatorToken)}, needsUser, passes, needsUser, passes},
		"a wrong token":              {asked{uid: me, header: bearer("CANARY-no")}, passes, needsToken, passes, needsToken},
		"an empty token":             {asked{uid: other, header: bearer("")}, needsUser, needsToken, needsUser, needsToken},
	} {
		t.Run(name, func(t *testing.T) {
			for _, o := range []struct {
				operators       config.Operators
				change, private int
			}{
				{config.Operators{}, c.change, c.private},
				{config.Operators{TokenFiles: []string{tokenFile(t, "another-token-of-theirs"), tokenFile(t, operatorToken)}}, c.changeWithToken, c.privateWithToken},
			} {
				g := guardOf(t, o.operators)
				g.user = me
				if got := c.status(t, g, g.Change, http.MethodPut); got != o.change {
					t.Errorf("a change with %d token files is answered %d, want %d", len(o.operators.TokenFiles), got, o.change)
				}
				if got := c.status(t, g, g.Private, http.MethodGet); got != o.private {
					t.Errorf("reading with %d token files is answered %d, want %d", len(o.operators.TokenFiles), got, o.private)
				}
			}
		})
	}
}

// TestGuardWithoutConnContext: a server that forgot ConnContext knows nobody.
func TestGuardWithoutConnContext(t *testing.T) {
	g := guardOf(t, config.Operators{})
	for _, behind := range []func(http.Handler) http.Handler{g.Change, g.Private} {
		w := httptest.NewRecorder()
		behind(http.NotFoundHandler()).ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodPut, "http://localhost/", nil))
		if w.Code != http.StatusForbidden {
			t.Errorf("%d", w.Code)
		}
	}
}

// TestPages (T19): what pages of other addresses have a browser ask, in each form that a browser has, changes nothing and reads
// nothing that is not for everybody; nor does a page whose own name leads to this machine.
func TestPages(t *testing.T) {
	const passes, refused = http.StatusNoContent, http.StatusForbidden
	for name, c := range map[string]struct {
		host                  string
		header                map[string]string
		read, change, private int
	}{
		"curl":                      {"127.0.0.1:9080", nil, passes, passes, passes},
		"this page":                 {"localhost:9080", map[string]string{"Origin": "http://localhost:9080", "Sec-Fetch-Site": "same-origin"}, passes, passes, passes},
		"typed":                     {"localhost:9080", map[string]string{"Sec-Fetch-Site": "none"}, passes, passes, passes},
		"fetch with cors":           {"localhost:9080", map[string]string{"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "cors"}, refused, refused, refused},
		"fetch of an old browser":   {"localhost:9080", map[string]string{"Origin": "https://evil.example"}, refused, refused, refused},
		"fetch without cors":        {"localhost:9080", map[string]string{"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}, passes, refused, refused},
		"an image":                  {"localhost:9080", map[string]string{"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "image"}, passes, refused, refused},
		"a form":                    {"localhost:9080", map[string]string{"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}, refused, refused, refused},
		"a frame without origin":    {"localhost:9080", map[string]string{"Origin": "null"}, refused, refused, refused},
		"another port here":         {"localhost:9080", map[string]string{"Origin": "http://localhost:3000", "Sec-Fetch-Site": "same-site"}, refused, refused, refused},
		"another port, no origin":   {"localhost:9080", map[string]string{"Sec-Fetch-Site": "same-site"}, passes, refused, refused},
		"two origins":               {"localhost:9080", map[string]string{"Origin": "http://localhost:9080, http://evil.example"}, refused, refused, refused},
		"rebound":                   {"evil.example:9080", map[string]string{"Origin": "http://evil.example:9080", "Sec-Fetch-Site": "same-origin"}, refused, refused, refused},
		"rebound, no origin":        {"evil.example:9080", nil, refused, refused, refused},
		"rebound, a dot behind":     {"EVIL.example.:9080", nil, refused, refused, refused},
		"rebound, like an address":  {"127.0.0.1.evil.example", nil, refused, refused, refused},
		"rebound, like ours":        {"localhost.evil.example", nil, refused, refused, refused},
		"rebound, like a service":   {"ingest.svc.evil.example", nil, refused, refused, refused},
		"no host":                   {"-", nil, passes, passes, passes},
		"IPv6":                      {"[::1]:9080", nil, passes, passes, passes},
		"another address of ours":   {"10.0.0.5:9080", nil, passes, passes, passes},
		"a service of compose":      {"ingest:9080", nil, passes, passes, passes},
		"a service of Kubernetes":   {"ingest.shop.svc:9080", nil, passes, passes, passes},
		"that in full":              {"ingest.shop.svc.cluster.local", nil, passes, passes, passes},
		"a machine of a cloud":      {"ip-10-0-0-5.eu-central-1.compute.internal:9080", nil, passes, passes, passes},
		"a name that is configured": {"Ingest.example.com:9080", nil, passes, passes, passes},
	} {
		t.Run(name, func(t *testing.T) {
			g := guardOf(t, config.Operators{Hosts: []string{"ingest.example.com"}})
			a := asked{uid: g.user, host: c.host, header: c.header}
			if got := a.status(t, g, func(h http.Handler) http.Handler { return h }, http.MethodGet); got != c.read {
				t.Errorf("reading is answered %d, want %d", got, c.read)
			}
			if got := a.status(t, g, g.Change, http.MethodPut); got != c.change {
				t.Errorf("a change is answered %d, want %d", got, c.change)
			}
			if got := a.status(t, g, g.Private, http.MethodGet); got != c.private {
				t.Errorf("reading what is not for everybody is answered %d, want %d", got, c.private)
			}
		})
	}
}

// TestOwnNames: this host's own name, and that of its address in the configuration, are its own.
func TestOwnNames(t *testing.T) {
	g, err := NewGuard(config.Operators{}, "Admin.example.com:9080", quiet)
	if err != nil {
		t.Fatal(err)
	}
	name, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	for _, host := range []string{"admin.example.com:9080", name, strings.ToUpper(name) + ":1"} {
		if !g.isOurs(host) {
			t.Errorf("%s is not ours", host)
		}
	}
}

// TestTokens: any one is right, by its key; a file that is deleted is a token no longer.
func TestTokens(t *testing.T) {
	files := []string{tokenFile(t, "first-of-the-tokens"), tokenFile(t, operatorToken)}
	g := guardOf(t, config.Operators{TokenFiles: files})
	if got := g.tokenOf(operatorToken); got != "operators.token_files.1" {
		t.Errorf("the second is %q", got)
	}
	for _, wrong := range []string{"", " ", operatorToken + "x", operatorToken[1:]} {
		if got := g.tokenOf(wrong); got != "" {
			t.Errorf("%q is %s", wrong, got)
		}
	}
	if _, err := NewGuard(config.Operators{TokenFiles: []string{files[0] + ".gone"}}, ":0", quiet); err == nil {
		t.Error("a file that is not there is no error")
	}
	if err := os.Remove(files[1]); err != nil {
		t.Fatal(err)
	}
	waitFor(t, "the token is refused", func() bool { return g.tokenOf(operatorToken) == "" })
	if got := g.tokenOf(""); got != "" {
		t.Errorf("no token at all is %s", got)
	}
	if g.tokenOf("first-of-the-tokens") == "" {
		t.Error("the other is refused, too")
	}
}

// TestRefusalsAreSaid: the log has one line a minute, and nothing of what a stranger wrote.
func TestRefusalsAreSaid(t *testing.T) {
	var log bytes.Buffer
	g, err := NewGuard(config.Operators{}, ":0", slog.New(slog.NewTextHandler(&log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	a := asked{host: "CANARY.example", header: map[string]string{"Authorization": "Bearer CANARY"}}
	for range 3 {
		a.status(t, g, g.Change, http.MethodPut)
	}
	if got := log.String(); strings.Count(got, "\n") != 1 || strings.Contains(got, "CANARY") || !strings.Contains(got, "reason=host") {
		t.Errorf("the log: %s", got)
	}
}

// TestScraping: the second address serves what is for scraping, and nothing that changes something.
func TestScraping(t *testing.T) {
	s := New("ingest", "127.0.0.1:0", NewRegistry("abc"), new(slog.LevelVar), quiet)
	if err := s.With(config.Operators{TokenFiles: []string{tokenFile(t, operatorToken)}}, "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	if err := s.Start(); err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Transport: &http.Transport{}}
	defer func() {
		client.CloseIdleConnections()
		if err := s.Stop(t.Context()); err != nil {
			t.Error(err)
		}
	}()
	for path, status := range map[string]int{"/metrics": 200, "/readyz": 200, "/livez": 200, "/version": 200, "/loglevel": 404} {
		for _, method := range []string{http.MethodGet, http.MethodPut} {
			want := status
			if method == http.MethodPut && status == 200 {
				want = http.StatusMethodNotAllowed
			}
			if got := request(t, client, method, "http://"+s.scraped+path); got != want {
				t.Errorf("%s %s: %d, want %d", method, path, got, want)
			}
		}
	}
	if got := request(t, client, http.MethodPut, "http://"+s.Addr()+"/loglevel"); got != 200 {
		t.Errorf("the operators' own port: %d", got)
	}
	taken := New("ingest", "127.0.0.1:0", NewRegistry("abc"), new(slog.LevelVar), quiet)
	if err := taken.With(config.Operators{}, s.scraped); err != nil {
		t.Fatal(err)
	}
	if err := taken.Start(); err == nil || !strings.Contains(err.Error(), "ingest.metrics") {
		t.Errorf("a taken port: %v", err)
	}
}

func request(t *testing.T, client *http.Client, method, url string) int {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader("debug"))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if _, err := io.Copy(io.Discard, resp.Body); err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode
}

// TestOwnerIsAskedOnce: a connection's user is looked up for its first change only.
func TestOwnerIsAskedOnce(t *testing.T) {
	var asked atomic.Int32
	p := &peer{}
	for range 3 {
		if uid, err := p.user(func(netip.AddrPort, netip.AddrPort) (int, error) { asked.Add(1); return 7, nil }); uid != 7 || err != nil {
			t.Errorf("%d %v", uid, err)
		}
	}
	if n := asked.Load(); n != 1 {
		t.Errorf("asked %d times", n)
	}
}
