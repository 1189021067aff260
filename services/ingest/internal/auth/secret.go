package auth

import (
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"strings"
	"sync/atomic"

	"github.com/omnicapi/omnicapi/pkg/config"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
)

// digest is what is compared: all have one length, so that the time of a comparison says nothing of a secret.
type digest [sha256.Size]byte

// digestOf leaves out a leading "Bearer ", which some senders store with the secret.
func digestOf(secret string) digest {
	return sha256.Sum256([]byte(strings.TrimPrefix(secret, "Bearer ")))
}

// Ring is the secrets of a source, any of which is accepted: an old and a new one while they are rotated.
type Ring struct{ keys []*key }

type key struct {
	secret *config.Secret
	known  atomic.Pointer[version]
}

// version is a secret's digest and the version it was made of.
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

// openRing opens the secret files of a source.
func openRing(paths []string) (*Ring, error) {
	secrets := make([]*config.Secret, 0, len(paths))
	for _, path := range paths {
		s, err := config.OpenSecret(path)
		if err != nil {
			return nil, fmt.Errorf("opening secret: %w", err)
		}
		secrets = append(secrets, s)
	}
	return NewRing(secrets...), nil
}

// Empty says whether there is nothing to compare with.
func (r *Ring) Empty() bool { return len(r.keys) == 0 }

// holds compares with every secret, without a way out on the first hit.
func (r *Ring) holds(presented digest) bool {
	found := 0
	for _, k := range r.keys {
		sum := k.sum()
		found |= subtle.ConstantTimeCompare(sum[:], presented[:])
	}
	return found == 1
}

// proves asks a proof about every secret, without a way out on the first hit.
func (r *Ring) proves(p receive.Proof, s *Source) bool {
	held := false
	for _, k := range r.keys {
		held = p.Holds(k.secret.Reveal(), s.PublicURL) || held
	}
	return held
}

// sum hashes the secret again only when its file has changed.
func (k *key) sum() digest {
	text := k.secret.Reveal()
	number := k.secret.Version()
	if v := k.known.Load(); v != nil && v.number == number {
		return v.sum
	}
	v := &version{number: number, sum: digestOf(text)}
	k.known.Store(v)
	return v.sum
}
