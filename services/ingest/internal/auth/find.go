package auth

// Claim is what a request says of who sent it.
type Claim struct {
	Name    string // the source's name: ?source= or the path; "" none
	Key     string // dataset, pixel, …; "" none
	Dataset bool   // Key is the id of a dataset: it names sources without a key, too
	Secret  string // "" none presented
	Proof   Proof  // the request is signed instead; nil: it is not
	Origin  string // the page's; "" none

	PublicKey bool // Key is what is presented, and pages show it: a source without secrets is content with it
}

// Proof says whether a signed request was signed with a source's secret.
type Proof interface {
	Holds(secret string, s *Source) bool
}

// presents says whether the request brings anything to prove itself by.
func (c *Claim) presents() bool { return c.Secret != "" || c.Proof != nil }

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
func Find(candidates []*Source, c Claim) (Grant, Decision) {
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
	if d != Granted && c.Key == "" && c.presents() {
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
func split(candidates []*Source, c Claim) (keyless, keyed []*Source) {
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
func best(candidates []*Source, c Claim) (Grant, Decision) {
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
func (s *Source) admits(c Claim, presented digest) (server bool, d Decision) {
	switch {
	case c.Proof != nil:
		server = s.Secrets.proves(c.Proof, s)
	case c.Secret != "":
		server = s.Secrets.holds(presented)
	}
	if c.presents() && !server && !s.Open && !s.contentWith(c) {
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
func (s *Source) contentWith(c Claim) bool {
	return c.PublicKey && s.Secrets.Empty() && (s.Key == "" || s.Key == c.Key)
}
