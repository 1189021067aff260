package admin

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/omnicapi/omnicapi/pkg/config"
)

// Guard is the one rule of who may do what on an operators' port and on the sandbox's own routes (ADR 39). Without a token a
// change is allowed to whoever is on this machine and is the user of this process, or root.
type Guard struct {
	names  []string // by which a request may call this host, beside those that nobody else's DNS can give
	tokens []token
	user   int // whose process this is
	owner  owner
	log    *slog.Logger

	mu      sync.Mutex
	refused int       // since said
	said    time.Time // when the log was told of refusals
}

// token is one of the operators' tokens, and the key of the configuration that names its file.
type token struct {
	key    string
	secret *config.Secret
}

// NewGuard returns the guard of the port that listens at an address of the configuration.
func NewGuard(o config.Operators, listen string, log *slog.Logger) (*Guard, error) {
	g := newGuard(listen, log)
	g.names = append(g.names, o.Hosts...)
	for i, file := range o.TokenFiles {
		secret, err := config.OpenRevocable(file, 0)
		if err != nil {
			return nil, fmt.Errorf("opening the operators' tokens: %w", err)
		}
		g.tokens = append(g.tokens, token{fmt.Sprintf("operators.token_files.%d", i), secret})
	}
	return g, nil
}

func newGuard(listen string, log *slog.Logger) *Guard {
	g := &Guard{user: os.Geteuid(), owner: ownerOf, log: log}
	if host, _, err := net.SplitHostPort(listen); err == nil && host != "" {
		g.names = append(g.names, strings.ToLower(host))
	}
	if name, err := os.Hostname(); err == nil {
		g.names = append(g.names, strings.ToLower(name))
	}
	return g
}

// HasTokens says whether operators can prove themselves from elsewhere.
func (g *Guard) HasTokens() bool { return len(g.tokens) > 0 }

// Address lets a request pass that calls this host by a name of its own, and that no other page makes. All of a port is behind it.
func (g *Guard) Address(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case !g.isOurs(r.Host):
			g.refuse(w, r, http.StatusForbidden, "host", "this host is not known by the name that the request calls it: use its address, localhost or a name "+
				"without a dot, or list the name in operators.hosts")
		case hasForeignOrigin(r):
			g.refuse(w, r, http.StatusForbidden, "origin", "a page of another address may ask nothing here: use curl, or a page of this address")
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// Change lets a request pass that may change something; Who says by what it was allowed.
func (g *Guard) Change(next http.Handler) http.Handler {
	return g.proven(next, func(*http.Request, *peer) bool { return false })
}

// Private lets a request pass that may read what is not for everybody: whoever may change something, and, of a port that was opened
// to other machines without a token, whoever reaches it from there.
func (g *Guard) Private(next http.Handler) http.Handler {
	return g.proven(next, func(r *http.Request, p *peer) bool {
		return p != nil && !p.here() && !isForwarded(r) && !g.HasTokens()
	})
}

// proven lets a request pass that no other page makes and that proves itself, or that open takes without.
func (g *Guard) proven(next http.Handler, open func(*http.Request, *peer) bool) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if hasForeignOrigin(r) || isCrossSite(r) {
			g.refuse(w, r, http.StatusForbidden, "origin", "a page of another address may not do this: use curl, or a page of this address")
			return
		}
		by, why := g.proof(r)
		p, _ := r.Context().Value(peerKey{}).(*peer)
		switch {
		case by != "":
			next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), byKey{}, by)))
		case open(r, p):
			next.ServeHTTP(w, r)
		case g.HasTokens():
			w.Header().Set("WWW-Authenticate", `Bearer realm="operators"`)
			g.refuse(w, r, http.StatusUnauthorized, why, "send Authorization: Bearer with what a file of operators.token_files holds, or ask from this "+
				"machine as the user that the process runs as, or as root")
		default:
			g.refuse(w, r, http.StatusForbidden, why, "ask from this machine as the user that the process runs as, or as root; or set "+
				"operators.token_files and send Authorization: Bearer with what the file holds")
		}
	})
}

// proof says what proves a request: a token, by its key in the configuration, or the user of this machine who sent it; "": why
// nothing does.
func (g *Guard) proof(r *http.Request) (by, why string) {
	if bearer, sent := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); sent && g.HasTokens() {
		if key := g.tokenOf(strings.TrimSpace(bearer)); key != "" {
			return key, ""
		}
		return "", "wrong token" // whoever sends one means to be known by it
	}
	p, known := r.Context().Value(peerKey{}).(*peer)
	if !known || !p.here() || isForwarded(r) {
		return "", "no token"
	}
	uid, err := p.user(g.owner)
	switch {
	case errors.Is(err, errNoTable):
		return "this machine", ""
	case err != nil:
		return "", "unknown user"
	case uid != g.user && uid != 0:
		return "", "another user"
	}
	return fmt.Sprintf("uid %d", uid), ""
}

// tokenOf is the key of the token that a request presents, "" if it is none. It compares with each, in constant time.
func (g *Guard) tokenOf(presented string) (key string) {
	digest := sha256.Sum256([]byte(presented))
	for _, t := range g.tokens {
		text := t.secret.Reveal()
		right := sha256.Sum256([]byte(text))
		if subtle.ConstantTimeCompare(digest[:], right[:]) == 1 && text != "" {
			key = t.key
		}
	}
	return key
}

// sayEvery is how often the log is told of refusals at most.
const sayEvery = time.Minute

// refuse answers a problem document. It logs neither path nor host: whoever is refused may write anything there.
func (g *Guard) refuse(w http.ResponseWriter, r *http.Request, status int, why, todo string) {
	g.mu.Lock()
	g.refused++
	n, now := g.refused, time.Now()
	say := now.Sub(g.said) >= sayEvery
	if say {
		g.refused, g.said = 0, now
	}
	g.mu.Unlock()
	if say {
		g.log.Warn("a request to the operators' port is refused", "reason", why, "remote", r.RemoteAddr, "requests", n)
	}
	problem(w, status, todo)
}

type byKey struct{}

// Who says for the log who makes a change that Guard.Change let pass: how, from where, and by what it was proven.
func Who(r *http.Request) []any {
	by, _ := r.Context().Value(byKey{}).(string)
	return []any{"method", r.Method, "path", r.URL.Path, "remote", r.RemoteAddr, "by", by}
}
