package receive

import (
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"strings"
)

// ReadHead reads who a request's head says sent it, in the ways that all formats have: by ?source=, by the page's Origin,
// and by a secret: Authorization's, else that of ?access_token= or ?token=.
func ReadHead(r *http.Request) Claim {
	c := Claim{Origin: r.Header.Get("Origin"), Secret: Bearer(r)}
	if r.URL.RawQuery == "" {
		return c
	}
	q := r.URL.Query()
	c.Name = q.Get("source")
	for _, name := range []string{"access_token", "token"} {
		if c.Secret == "" {
			c.Secret = q.Get(name)
		}
	}
	return c
}

// Bearer is the token of an Authorization header; another scheme than Bearer presents none.
func Bearer(r *http.Request) string {
	scheme, token, ok := strings.Cut(strings.TrimSpace(r.Header.Get("Authorization")), " ")
	if !ok || !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(token)
}

// SameSecret compares what was presented with a secret; the time it takes says nothing of either.
func SameSecret(presented, secret string) bool {
	a, b := sha256.Sum256([]byte(presented)), sha256.Sum256([]byte(secret))
	return subtle.ConstantTimeCompare(a[:], b[:]) == 1
}
