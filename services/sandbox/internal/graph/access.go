package graph

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"sync"

	"github.com/omnicapi/omnicapi/pkg/config"
)

// Access knows which tokens are right for which dataset ids. It is safe for concurrent use.
type Access struct {
	mu         sync.RWMutex
	tokens     map[string][]string // nil: any id and token is right
	pages      []string            // tokens that may read leads, beside those of tokens; nil: any may
	appSecrets map[string]*config.Secret
}

// NewAccess takes the ids and tokens that the configuration holds now. Without datasets, any id and token is right; if no
// source has a page token, any page token is.
func NewAccess(datasets map[string]config.Dataset, sources map[string]config.Source) (*Access, error) {
	a := &Access{appSecrets: map[string]*config.Secret{}}
	for _, s := range sources {
		if s.TokenFile == "" {
			continue
		}
		token, err := config.OpenSecret(s.TokenFile)
		if err != nil {
			return nil, err
		}
		a.pages = append(a.pages, token.Reveal())
	}
	for _, d := range datasets {
		token, err := config.OpenSecret(d.TokenFile)
		if err != nil {
			return nil, err
		}
		if a.tokens == nil {
			a.tokens = map[string][]string{}
		}
		a.tokens[d.ID] = append(a.tokens[d.ID], token.Reveal())
		if d.AppSecretFile == "" {
			continue
		}
		if a.appSecrets[d.ID], err = config.OpenSecret(d.AppSecretFile); err != nil {
			return nil, err
		}
	}
	return a, nil
}

// SetTokens replaces the right ids and tokens.
func (a *Access) SetTokens(tokens map[string][]string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.tokens = tokens
}

// SetPages replaces the tokens that may read leads; with an empty list no token may.
func (a *Access) SetPages(tokens []string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.pages = append([]string{}, tokens...)
}

// check returns Meta's error for a dataset and a token, nil if they are right.
func (a *Access) check(dataset, token, proof string) *refusal {
	a.mu.RLock()
	defer a.mu.RUnlock()
	switch {
	case token == "":
		return wrongToken("An access token is required to request this resource.")
	case a.tokens != nil && !a.known(token):
		return wrongToken("Invalid OAuth access token - Cannot parse access token")
	case a.tokens != nil && !slices.Contains(a.tokens[dataset], token):
		return wrongDataset(dataset)
	case proof != "" && a.appSecrets[dataset] != nil && !hmac.Equal([]byte(proof), appSecretProof(a.appSecrets[dataset].Reveal(), token)):
		return wrongProof()
	}
	return nil
}

// checkPage returns Meta's error for a token that is not allowed to read leads, nil if it is.
func (a *Access) checkPage(token string) *refusal {
	a.mu.RLock()
	defer a.mu.RUnlock()
	switch {
	case token == "":
		return wrongToken("An access token is required to request this resource.")
	case a.pages != nil && !slices.Contains(a.pages, token):
		return wrongToken("Invalid OAuth access token - Cannot parse access token")
	}
	return nil
}

func (a *Access) known(token string) bool {
	for _, list := range a.tokens {
		if slices.Contains(list, token) {
			return true
		}
	}
	return false
}

// appSecretProof is hex HMAC-SHA256 of the token under the app's secret.
func appSecretProof(secret, token string) []byte {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(token))
	return hex.AppendEncode(nil, mac.Sum(nil))
}
