package auth

import (
	"slices"

	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/pkg/signature"
)

// Cause is why a claim is not granted, in the words of a log and a metric. The sender is told less: an unknown key and a wrong
// secret are refused alike.
type Cause string

// Causes is the closed list.
var Causes = []Cause{
	NoSource, NoKey, NoSecret, BadSecret, BadCertificate, NoSignature, BadSignature, OldSignature, WeakSignature, TooManySecrets, BadOrigin, BadVerifyToken,
	TooManyGuesses,
}

// The causes.
const (
	NoSource       Cause = "no_such_source" // of the name that the request gives, or of this format
	NoKey          Cause = "no_such_key"    // or a signed request names none, and all sources have one
	NoSecret       Cause = "no_secret"
	BadSecret      Cause = "wrong_secret"
	BadCertificate Cause = "wrong_certificate" // its names are no source's
	NoSignature    Cause = "no_signature"
	BadSignature   Cause = "wrong_signature"
	OldSignature   Cause = "old_signature"
	WeakSignature  Cause = "weak_signature"   // of a version that signs less than the last: its source does not take it
	TooManySecrets Cause = "too_many_secrets" // more than a signature is tried with: the request does not say whose it is
	BadOrigin      Cause = "wrong_origin"
	BadVerifyToken Cause = "wrong_verify_token" // of a sender that verifies the endpoint
	TooManyGuesses Cause = "too_many_guesses"   // of its client network: what it presents is not looked at
)

// Why is the cause of a decision that does not grant a claim.
func Why[H Holder](candidates []H, c receive.Claim, d Decision) Cause {
	meant := Meant(candidates, c)
	switch {
	case d == NoSuchSource || len(candidates) == 0:
		return NoSource
	case d == WrongOrigin:
		return BadOrigin
	case len(meant) == 0:
		return NoKey
	case c.Name == "" && tooMany(meant, nil, c):
		return TooManySecrets
	case c.Proof != nil:
		return whyProof(c.Proof, meant)
	case c.Secret == "" && len(c.Certificate) > 0:
		return BadCertificate
	case c.Secret == "":
		return NoSecret
	}
	return BadSecret
}

func whyProof[H Holder](p receive.Proof, meant []H) Cause {
	e, ok := p.(receive.Explainer)
	if !ok {
		return BadSecret
	}
	switch e.Fault() {
	case signature.Missing:
		return NoSignature
	case signature.TooOld:
		return OldSignature
	case signature.Weak:
		if !slices.ContainsFunc(meant, func(h H) bool { return h.account().Terms.AnyVersion }) {
			return WeakSignature
		}
	case signature.None:
	}
	return BadSignature
}

// Meant are the candidates that a claim can mean, by the name or the key it gives; all, if it gives none and is not signed.
func Meant[H Holder](candidates []H, c receive.Claim) []H {
	if c.Name != "" {
		if h, ok := Named(candidates, c.Name); ok {
			return []H{h}
		}
		return nil
	}
	keyless, keyed := split(candidates, c)
	switch {
	case len(keyed) > 0:
		return keyed
	case c.Key == "" && c.Proof == nil:
		return candidates
	}
	return keyless
}
