// Package signature holds the schemes by which senders sign their webhooks. Signatures are made over the raw bytes and
// compared in constant time; if a scheme signs the time, old signatures are refused. Ingest verifies with it; the demo
// and the tests sign recorded requests again when they move them to today. It refuses to know sources: who may post is
// decided by ingest.
package signature

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"time"
)

// Request holds the parts of a request that a sender may sign.
type Request struct {
	Method string
	URL    string // as the sender knows it: scheme, host, path and query
	Header http.Header
	Body   []byte // decompressed, otherwise as it came
	Now    time.Time

	AnyVersion bool // versions of the scheme that sign less than its last one count, too
}

// Scheme is one sender's way of signing.
type Scheme interface {
	// Holds says whether the request carries a signature that was made with secret and is not too old. With an empty secret
	// none holds.
	Holds(r *Request, secret string) bool
	// Fault is what is wrong with the request's signature whatever the secret, for an operator's eyes only.
	Fault(r *Request) Fault
	// Sign sets the header of a signature made with secret at r.Now.
	Sign(r *Request, secret string)
}

// Fault is what is wrong with a signature apart from the secret it was made with.
type Fault int

// The faults. None is that of a signature that only the secret can tell right or wrong.
const (
	None    Fault = iota
	Missing       // no header bears one
	TooOld        // its time is too long ago, or ahead
	Weak          // it is of a version that signs less than the scheme's last one
)

// missing is the fault of a request of which none of the headers bears a signature.
func missing(r *Request, headers ...string) Fault {
	for _, h := range headers {
		if r.Header.Get(h) != "" {
			return None
		}
	}
	return Missing
}

// mac returns the HMAC-SHA256 of the parts.
func mac(secret string, parts ...[]byte) []byte {
	h := hmac.New(sha256.New, []byte(secret))
	for _, p := range parts {
		h.Write(p)
	}
	return h.Sum(nil)
}

// equalHex and equalBase64 compare a presented signature with a sum. A signature that cannot be decoded is not equal.
func equalHex(presented string, sum []byte) bool {
	got, err := hex.DecodeString(presented)
	return err == nil && hmac.Equal(got, sum)
}

func equalBase64(presented string, sum []byte) bool {
	got, err := base64.StdEncoding.DecodeString(presented)
	return err == nil && hmac.Equal(got, sum)
}

// fresh says whether a signature's time is at most tolerance before or after now; it may be after, since clocks differ.
func fresh(at, now time.Time, tolerance time.Duration) bool {
	d := now.Sub(at)
	return -tolerance <= d && d <= tolerance
}
