package httpapi

import (
	"time"

	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/services/ingest/internal/auth"
	"github.com/omnicapi/omnicapi/services/ingest/internal/network"
)

// guesses bounds how many wrong secrets and signatures a client network may try, for each key or source that it claims to be, and
// in all. Beyond, what it presents is not compared any more; but for what this network has proven itself with before, which no
// guess can be: a sender's server goes on while its neighbour guesses. Nor is the same secret again a guess: a sender with an old one
// is refused as ever, and leaves room for the others, and a page goes on. A right secret takes nothing.
type guesses struct {
	rates  *network.Rates // nil: no limit
	proven *network.Memory
	tried  *network.Memory
}

// How long a network is remembered for what it proved, and for what it tried.
const (
	provenFor = 24 * time.Hour
	triedFor  = 10 * time.Minute
)

func newGuesses(perMinute int) *guesses {
	return &guesses{
		rates: network.NewRates(float64(perMinute)/60, perMinute), proven: network.NewMemory(provenFor), tried: network.NewMemory(triedFor),
	}
}

// What is remembered of a network.
const (
	anything = "anything" // it has proven something
	bySecret = "secret"
	bySign   = "signature of" // a source
)

// isProven says whether a network has proven something lately.
func (a *API) isProven(n network.Network) bool {
	return a.guesses.proven.Knows(a.now(), n, anything, "")
}

// mayTry says whether what a claim presents is looked at; else it is denied as a guess. A sender that stops for good after a few
// refusals is always looked at.
func (x *exchange) mayTry(c *receive.Claim) bool {
	if x.exempt || x.format.TurnsOff || !c.Presents() || x.hasProven(c) {
		return true
	}
	wait := x.api.guesses.rates.Wait(x.in.Now, x.network.SharesFor(x.claimed(c)))
	if wait <= 0 || x.hasTried(c) {
		return true
	}
	x.wait = wait
	return false
}

// hasProven says whether a claim's network has proven itself by what it presents; by a signature, as the source that it means.
func (x *exchange) hasProven(c *receive.Claim) bool {
	g, now := x.api.guesses, x.in.Now
	if secret, signed := presented(c); !signed {
		return g.proven.Knows(now, x.network, bySecret, secret)
	}
	for _, s := range auth.Meant(x.candidates, *c) {
		if g.proven.Knows(now, x.network, bySign, s.Name) {
			return true
		}
	}
	return false
}

// hasTried says whether the network was told already what this secret is worth.
func (x *exchange) hasTried(c *receive.Claim) bool {
	secret, signed := presented(c)
	return !signed && x.api.guesses.tried.Knows(x.in.Now, x.network, x.claimed(c), secret)
}

// presented is the secret that a claim shows; a signature shows none, and each is another.
func presented(c *receive.Claim) (secret string, signed bool) {
	switch {
	case c.Proof == nil:
		return c.Secret, false
	case c.PublicKey:
		return c.Key, false
	}
	return "", true
}

// claimed is who a claim says it is, in its format: what is not known is told apart, too, so that the answers do not tell which
// keys there are.
func (x *exchange) claimed(c *receive.Claim) string {
	return x.format.Name + "\x00" + c.Name + "\x00" + c.Key
}

// tried counts a guess.
func (x *exchange) tried(c *receive.Claim) {
	if x.exempt || !c.Presents() || x.hasTried(c) {
		return
	}
	x.api.guesses.rates.Charge(x.in.Now, x.network.SharesFor(x.claimed(c)))
	if secret, signed := presented(c); !signed {
		x.api.guesses.tried.Remember(x.in.Now, x.network, x.claimed(c), secret)
	}
}

// granted remembers by what the request's network has proven itself; of a secret that pages show, which proves nothing, that it has
// tried it.
func (x *exchange) granted(c *receive.Claim, proven bool) {
	if x.exempt {
		return
	}
	g, now := x.api.guesses, x.in.Now
	if proven { // by a certificate, too, which is no guess, and never too many
		g.proven.Remember(now, x.network, anything, "")
	}
	if !c.Presents() {
		return
	}
	secret, signed := presented(c)
	if !proven {
		g.tried.Remember(now, x.network, x.claimed(c), secret)
		return
	}
	if signed {
		g.proven.Remember(now, x.network, bySign, x.source.Name)
		return
	}
	g.proven.Remember(now, x.network, bySecret, secret)
}

// isGuess says whether a cause is that of a wrong secret: who brings none, is late, or comes from another page, guesses nothing.
func isGuess(c auth.Cause) bool {
	return c == auth.BadSecret || c == auth.BadSignature || c == auth.NoKey
}

// guarded are the candidates as formats ask them before a source is found: their tokens are guessed, too.
type guarded struct {
	receive.Candidates
	x      *exchange
	denied bool
}

// Verifies asks the candidates, unless the network has guessed too often.
func (g *guarded) Verifies(token string) bool {
	c := receive.Claim{Name: g.x.batch.Claim.Name, Key: verifyKey, Secret: token}
	return g.ask(&c, func() bool { return g.Candidates.Verifies(token) })
}

// verifyKey tells guesses of verify tokens from those of secrets.
const verifyKey = "verify token"

// Admits asks the candidates, unless the network has guessed too often.
func (g *guarded) Admits(c receive.Claim) bool {
	return g.ask(&c, func() bool { return g.Candidates.Admits(c) })
}

func (g *guarded) ask(c *receive.Claim, right func() bool) bool {
	if !g.x.mayTry(c) {
		g.denied = true
		return false
	}
	if right() {
		return true
	}
	g.x.tried(c)
	return false
}

// tooManyGuesses denies a request unseen.
func (x *exchange) tooManyGuesses() *receive.Refusal {
	x.deny(auth.TooManyGuesses)
	return &receive.Refusal{Kind: receive.RateLimited, Detail: "too many wrong secrets from this network: this request was not looked at"}
}
