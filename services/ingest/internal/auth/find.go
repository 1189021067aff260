package auth

import (
	"github.com/omnicapi/omnicapi/pkg/config"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
)

// Decision is whether a claim is granted, and why not.
type Decision int

// The decisions.
const (
	Granted Decision = iota
	NoSuchSource
	WrongSecret // or an unknown key, or neither key nor secret
	WrongOrigin
)

// Grant is what a request may post to.
type Grant[H Holder] struct {
	To     H
	Server bool // a right secret was presented: its sender is no browser
	Proven bool // and it is not one that pages show to everybody
}

// Find picks the one among the candidates of a route that a claim names and proves.
func Find[H Holder](candidates []H, c receive.Claim) (Grant[H], Decision) {
	if c.Name != "" {
		h, ok := Named(candidates, c.Name)
		if !ok {
			return Grant[H]{}, NoSuchSource
		}
		return best([]H{h}, c)
	}
	keyless, keyed := split(candidates, c)
	if tooMany(keyless, keyed, c) {
		return Grant[H]{}, WrongSecret
	}
	if len(keyed) > 0 {
		return best(keyed, c)
	}
	g, d := best(keyless, c)
	certified := len(c.Certificate) > 0 && !g.Server // a source of pages lets in who shows one as anybody else
	if (d != Granted && c.Secret != "" || certified) && c.Key == "" && c.Proof == nil {
		// The request names no key, so keys cannot tell the candidates apart: a right secret of any of them is enough. A signature
		// would have to be made over the whole body for each.
		if all, ok := best(candidates, c); ok == Granted && all.Server {
			return all, Granted
		}
	}
	return g, d
}

// tooMany says whether a signature would have to be tried with more secrets than it may cost.
func tooMany[H Holder](keyless, keyed []H, c receive.Claim) bool {
	if c.Proof == nil {
		return false
	}
	meant := keyed
	if len(meant) == 0 {
		meant = keyless
	}
	n := 0
	for _, h := range meant {
		n += len(h.account().Secrets.keys)
	}
	return n > config.MostTried
}

// Named returns the candidate of a name.
func Named[H Holder](candidates []H, name string) (h H, ok bool) {
	for _, h := range candidates {
		if h.account().Name == name {
			return h, true
		}
	}
	return h, false
}

// split returns the candidates that the claim's key names, and those without a key that it may mean.
func split[H Holder](candidates []H, c receive.Claim) (keyless, keyed []H) {
	for _, h := range candidates {
		a := h.account()
		switch {
		case a.Key == "" && (!c.Dataset || c.Key == "" || a.DatasetID == c.Key):
			keyless = append(keyless, h)
		case a.Key != "" && a.Key == c.Key:
			keyed = append(keyed, h)
		}
	}
	return keyless, keyed
}

// best asks every candidate, so that the time taken does not say which one was right. One whose secret is right goes
// before one that is open.
func best[H Holder](candidates []H, c receive.Claim) (Grant[H], Decision) {
	presented := digestOf(c.Secret)
	var found Grant[H]
	decision := WrongSecret
	for _, h := range candidates {
		a := h.account()
		server, d := a.admits(c, presented)
		switch {
		case d == Granted && (decision != Granted || server && !found.Server):
			found, decision = Grant[H]{To: h, Server: server, Proven: server && !a.showsSecret()}, Granted
		case d == WrongOrigin && decision == WrongSecret:
			decision = WrongOrigin
		}
	}
	return found, decision
}

// admits is one account's decision; server: by a right secret.
func (a *Account) admits(c receive.Claim, presented digest) (server bool, d Decision) {
	switch {
	case c.Proof != nil:
		server = a.Secrets.proves(c.Proof, a.Terms)
	case c.Secret != "":
		server = a.Secrets.holds(presented)
	default: // what is presented decides: a certificate never stands in for a wrong secret
		server = a.certified(c.Certificate)
	}
	presents := c.Presents() || len(c.Certificate) > 0 && len(a.Names) > 0
	if presents && !server && !a.Open && !a.needsOnlyKey(c) {
		return false, WrongSecret
	}
	if a.Browser && len(a.Origins) > 0 {
		switch {
		case a.AllowsOrigin(c.Origin):
			return server, Granted
		case c.Origin != "":
			return false, WrongOrigin
		case server || a.Open || !a.provable():
			return server, Granted
		}
		return false, WrongSecret
	}
	if server || a.Open {
		return server, Granted
	}
	return false, WrongSecret
}

// needsOnlyKey says whether the public key that the claim presents is all that the account asks for.
func (a *Account) needsOnlyKey(c receive.Claim) bool {
	return c.PublicKey && !a.provable() && (a.Key == "" || a.Key == c.Key)
}
