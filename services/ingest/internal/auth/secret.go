package auth

import (
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"github.com/omnicapi/omnicapi/pkg/config"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
)

// digest is what is compared instead of a secret: all have one length, so that the time it takes says nothing of the
// secret's.
type digest [sha256.Size]byte

// digestOf leaves out a leading "Bearer ", which some senders store with the secret.
func digestOf(secret string) digest {
	return sha256.Sum256([]byte(strings.TrimPrefix(secret, "Bearer ")))
}

// Ring is the secrets of an account, any of which is accepted: an old and a new one while they are rotated.
type Ring struct{ keys []*key }

// key is a secret that may change, with the digest of what it was last.
type key struct {
	secret *config.Secret
	last   atomic.Pointer[version]
}

// version is the digest of a secret's text, and the number that config.Secret gave that text.
type version struct {
	number uint64
	sum    digest
}

// NewRing returns a ring of secrets.
func NewRing(secrets ...*config.Secret) *Ring {
	r := &Ring{}
	for _, s := range secrets {
		r.keys = append(r.keys, &key{secret: s})
	}
	return r
}

// openRing opens secret files.
// grace is config.OpenRevocable's.
func openRing(paths []string, grace time.Duration) (*Ring, error) {
	secrets := make([]*config.Secret, 0, len(paths))
	for _, path := range paths {
		s, err := config.OpenRevocable(path, grace)
		if err != nil {
			return nil, fmt.Errorf("opening secret: %w", err)
		}
		secrets = append(secrets, s)
	}
	return NewRing(secrets...), nil
}

// Empty says whether there is nothing to compare with.
func (r *Ring) Empty() bool { return len(r.keys) == 0 }

// holds compares with every secret; it does not stop at the right one.
func (r *Ring) holds(presented digest) bool {
	found := 0
	for _, k := range r.keys {
		sum, revoked := k.sum()
		found |= subtle.ConstantTimeCompare(sum[:], presented[:]) &^ revoked
	}
	return found == 1
}

// proves checks a signature by every secret; it does not stop at the right one.
func (r *Ring) proves(p receive.Proof, t receive.Terms) bool {
	held := false
	for _, k := range r.keys {
		secret := k.secret.Reveal()
		held = secret != "" && p.Holds(secret, t) || held
	}
	return held
}

// sum hashes the secret again only when its file has changed; revoked is 1 for one whose file is gone.
func (k *key) sum() (sum digest, revoked int) {
	text := k.secret.Reveal()
	number := k.secret.Version()
	if text == "" {
		revoked = 1 // a presented "Bearer " is empty, too
	}
	if v := k.last.Load(); v != nil && v.number == number {
		return v.sum, revoked
	}
	v := &version{number: number, sum: digestOf(text)}
	k.last.Store(v)
	return v.sum, revoked
}
