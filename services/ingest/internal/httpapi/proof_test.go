package httpapi

import (
	"bytes"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/pkg/recorded"
)

// ofPages are the formats whose senders are pages, which have an origin and no secret.
var ofPages = []string{"meta.openbridge", "meta.pixel", "ga4.gtag"}

// aSignature is one in base64 or hex.
var aSignature = regexp.MustCompile(`[A-Za-z0-9+/]{40,}`)

// TestProofs: without its secret or signature, with another, too late, or with a body that was changed behind it, nothing is
// taken.
func TestProofs(t *testing.T) {
	secrets := recordedSecrets(t)
	for name, spoil := range map[string]func(r *recorded.Request) bool{
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
			if err := r.Sign(arrival.Add(-time.Hour)); err != nil {
				t.Fatal(err)
			}
			return r.Format == "stripe" || r.Format == "hubspot" && r.Header.Get("X-Hubspot-Signature-V3") != ""
		},
	} {
		t.Run(name, func(t *testing.T) {
			eachSpoilt(t, func(c recorded.Case, r *recorded.Request) bool {
				ofPage := slices.Contains(ofPages, c.Format) || r.Header.Get("Origin") != "" && c.Format != "segment"
				return !ofPage && spoil(r)
			}, func(t *testing.T, c recorded.Case, _, got taken) {
				if got.stored > 0 || !slices.Contains(mannersOf(t, c.Format).Denied, got.status) {
					t.Errorf("%d, %d stored: %s", got.status, got.stored, got.body)
				}
			})
		})
	}
}

// disprove puts another secret in the place of every right one, and spoils the signatures; no other takes them away.
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
