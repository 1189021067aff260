package httpapi

import (
	"bytes"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/pkg/recorded"
	"github.com/omnicapi/omnicapi/services/ingest/internal/source"
)

// originIsEnough says whether a source of the request's format asks a page for no more than its origin: it has no secrets,
// or, beside them, no key.
func originIsEnough(sources []*source.Source, r *recorded.Request) bool {
	return slices.ContainsFunc(sources, func(s *source.Source) bool {
		return s.Format == r.Format && s.Browser && len(s.Origins) > 0 && (s.Secrets.Empty() || s.Key == "" && r.Header.Get("Origin") != "")
	})
}

// signedAt signs a request as of a time, and returns its headers.
func signedAt(t *testing.T, r *recorded.Request, at time.Time) http.Header {
	t.Helper()
	if err := r.Sign(at); err != nil {
		t.Fatal(err)
	}
	return r.Header.Clone()
}

// aSignature is one in base64 or hex.
var aSignature = regexp.MustCompile(`[A-Za-z0-9+/]{40,}`)

// TestProofs: without its secret or signature, with another, too late, or with a body that was changed behind it, nothing is
// taken.
func TestProofs(t *testing.T) {
	secrets, sources := recordedSecrets(t), recordedSources(t)
	for name, tamper := range map[string]func(r *recorded.Request) bool{
		"stripped": func(r *recorded.Request) bool {
			disprove(r, secrets, "")
			return true
		},
		"another": func(r *recorded.Request) bool {
			disprove(r, secrets, "another")
			return true
		},
		"elsewhere": func(r *recorded.Request) bool {
			disprove(r, secrets, "")
			all := strings.Join(secrets, "; token=")
			r.Header.Set("X-Tokens", all)
			r.Header.Set("Cookie", all)
			return true
		},
		"changed behind": func(r *recorded.Request) bool {
			r.Body = append(r.Body, ' ')
			return slices.ContainsFunc(slices.Collect(maps.Keys(r.Header)), isSignature)
		},
		"an hour old": func(r *recorded.Request) bool {
			now := signedAt(t, r, arrival)
			return !maps.EqualFunc(now, signedAt(t, r, arrival.Add(-time.Hour)), slices.Equal) // else it covers no time
		},
		// Who has recorded a request leaves out what would prove that it is old, and keeps what is weaker.
		"a header less": func(r *recorded.Request) bool {
			less := false
			for name := range r.Header {
				strongest := isSignature(name) && name != "X-Hubspot-Signature"
				if strongest || strings.Contains(name, "Timestamp") {
					r.Header.Del(name)
					less = true
				}
			}
			r.Header.Set("X-Hub-Signature", "sha1=0000000000000000000000000000000000000000")
			r.Header.Set("Authorization", "Bearer "+secrets[0])
			return less
		},
	} {
		t.Run(name, func(t *testing.T) {
			eachTampered(t, func(_ recorded.Case, r *recorded.Request) bool {
				return !originIsEnough(sources, r) && tamper(r)
			}, func(t *testing.T, c recorded.Case, _, got effect) {
				if got.stored > 0 || !slices.Contains(mannersOf(t, c.Format).Denied, got.status) {
					t.Errorf("%d, %d stored: %s", got.status, got.stored, got.body)
				}
			})
		})
	}
}

// disprove replaces every right secret by another, and every signature by one of another secret; for "" it removes them.
func disprove(r *recorded.Request, secrets []string, another string) {
	for _, secret := range secrets {
		r.URL = strings.ReplaceAll(r.URL, secret, another)
		r.Body = bytes.ReplaceAll(r.Body, []byte(secret), []byte(another))
	}
	for name, values := range r.Header {
		holds := func(secret string) bool { return strings.Contains(values[0], secret) }
		if !isSignature(name) && name != "Authorization" && !slices.ContainsFunc(secrets, holds) {
			continue
		}
		switch {
		case another == "":
			r.Header.Del(name)
		case isSignature(name):
			values[0] = aSignature.ReplaceAllString(values[0], strings.Repeat("a", 64))
		default:
			values[0] = "Bearer " + another
		}
	}
}

// isSignature says whether a header is one.
func isSignature(name string) bool {
	name = strings.ToLower(name)
	return strings.Contains(name, "signature") && !strings.Contains(name, "version") || strings.Contains(name, "hmac")
}
