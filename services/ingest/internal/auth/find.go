package auth

import "github.com/omnicapi/omnicapi/pkg/format/receive"

// Decision is what became of a claim.
type Decision int

// The decisions.
const (
	Granted Decision = iota
	NoSuchSource
	WrongSecret // or an unknown key, or none
	WrongOrigin
)

// Grant is a source that a request may post to.
type Grant struct {
	Source *Source
	Server bool // a right secret was presented: its sender is no browser
}

// Find picks the source that a claim names and proves among the candidates of a route.
func Find(candidates []*Source, c receive.Claim) (Grant, Decision) {
	if c.Name != "" {
		s := named(candidates, c.Name)
		if s == nil {
			return Grant{}, NoSuchSource
		}
		return best([]*Source{s}, c)
	}
	keyless, keyed := split(candidates, c)
	if len(keyed) > 0 {
		return best(keyed, c)
	}
	g, d := best(keyless, c)
	if d != Granted && c.Key == "" && c.Presents() {
		// The route has no place for a key: then it can tell nobody apart, and a right secret is enough.
		if all, ok := best(candidates, c); ok == Granted && all.Server {
			return all, Granted
		}
	}
	return g, d
}

// Narrow is the candidates that a request may be meant for: all, or the one it names.
func Narrow(candidates []*Source, name string) []*Source {
	if name == "" {
		return candidates
	}
	if s := named(candidates, name); s != nil {
		return []*Source{s}
	}
	return nil
}

func named(candidates []*Source, name string) *Source {
	for _, s := range candidates {
		if s.Name == name {
			return s
		}
	}
	return nil
}

// split returns the candidates that the claim's key names, and those without a key that it may mean.
func split(candidates []*Source, c receive.Claim) (keyless, keyed []*Source) {
	for _, s := range candidates {
		switch {
		case s.Key == "" && (!c.Dataset || c.Key == "" || s.DatasetID == c.Key):
			keyless = append(keyless, s)
		case s.Key != "" && s.Key == c.Key:
			keyed = append(keyed, s)
		}
	}
	return keyless, keyed
}

// best asks every candidate, so that the time taken does not say which one was right.
func best(candidates []*Source, c receive.Claim) (Grant, Decision) {
	presented := digestOf(c.Secret)
	var found Grant
	decision := WrongSecret
	for _, s := range candidates {
		server, d := s.admits(c, presented)
		switch {
		case d == Granted && (decision != Granted || server && !found.Server):
			found, decision = Grant{Source: s, Server: server}, Granted
		case d == WrongOrigin && decision == WrongSecret:
			decision = WrongOrigin
		}
	}
	return found, decision
}

// admits is one source's answer.
func (s *Source) admits(c receive.Claim, presented digest) (server bool, d Decision) {
	switch {
	case c.Proof != nil:
		server = s.Secrets.proves(c.Proof, s)
	case c.Secret != "":
		server = s.Secrets.holds(presented)
	}
	if c.Presents() && !server && !s.Open && !s.contentWith(c) {
		return false, WrongSecret
	}
	if s.Browser && len(s.Origins) > 0 {
		switch {
		case s.AllowsOrigin(c.Origin):
			return server, Granted
		case c.Origin != "":
			return false, WrongOrigin
		case server || s.Open || s.Secrets.Empty():
			return server, Granted
		}
		return false, WrongSecret
	}
	if server || s.Open {
		return server, Granted
	}
	return false, WrongSecret
}

// contentWith says whether the source wants no secret beside the key that the claim presents.
func (s *Source) contentWith(c receive.Claim) bool {
	return c.PublicKey && s.Secrets.Empty() && (s.Key == "" || s.Key == c.Key)
}

// Candidates are the sources that a request may be meant for, as formats may ask them.
type Candidates []*Source

// Verifies says whether a token is one by which the sender of a candidate verifies the endpoint. It asks every one.
func (c Candidates) Verifies(token string) bool {
	right := false
	for _, s := range c {
		right = s.Verifies(token) || right
	}
	return right
}

// Admits says whether a claim is granted by a candidate.
func (c Candidates) Admits(claim receive.Claim) bool {
	_, decision := Find(c, claim)
	return decision == Granted
}

// PerMinute is how many events a minute the least limited candidate takes; 0: as many as come.
func (c Candidates) PerMinute() int {
	best := 0
	for _, s := range c {
		n := s.PerMinute()
		if n == 0 {
			return 0
		}
		best = max(best, n)
	}
	return best
}
