package source

import (
	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/services/ingest/internal/auth"
)

// Candidates are the sources that a request may be meant for; receive.Candidates is how formats ask them.
type Candidates []*Source

// Narrow is the candidates that a request may be meant for: all, or the one it names.
func (c Candidates) Narrow(name string) Candidates {
	if name == "" {
		return c
	}
	if s, ok := auth.Named(c, name); ok {
		return Candidates{s}
	}
	return nil
}

// Verifies says whether a token is one by which the sender of a candidate verifies the endpoint. It asks every one, so
// that the time taken does not say whose it is.
func (c Candidates) Verifies(token string) bool {
	right := false
	for _, s := range c {
		right = s.Verifies(token) || right
	}
	return right
}

// Admits says whether a candidate grants a claim.
func (c Candidates) Admits(claim receive.Claim) bool {
	_, decision := auth.Find(c, claim)
	return decision == auth.Granted
}

// PerMinute is how many events a minute the least limited candidate takes; 0: as many as come.
func (c Candidates) PerMinute() int {
	most := 0
	for _, s := range c {
		n := s.PerMinute()
		if n == 0 {
			return 0
		}
		most = max(most, n)
	}
	return most
}
