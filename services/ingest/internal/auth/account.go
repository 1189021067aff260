package auth

import (
	"slices"
	"strings"
	"time"

	"github.com/omnicapi/omnicapi/pkg/config"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
)

// Account is who may post as a source, and how that is proved.
type Account struct {
	Name      string
	Key       string // how the sender names itself; "": it does not
	DatasetID string // Meta's id of the dataset its events go to: a request may name the source by it
	Browser   bool   // pages post to it: their origins count
	Shown     bool   // pages of its format carry its secret
	Open      bool   // auth: none
	Origins   []string
	Secrets   *Ring
	Names     []string      // of its sender's client certificates, any of which proves it
	Verify    *Ring         // the tokens by which its sender verifies the endpoint
	Terms     receive.Terms // how its sender signs
}

// NewAccount opens the secrets of a configured source, which count for the grace after their files are gone. browser: pages post
// it in its format.
func NewAccount(name string, c config.Source, datasetID string, browser bool, grace time.Duration) (Account, error) {
	a := Account{
		Name: name, Key: c.Key, DatasetID: datasetID, Browser: browser,
		Open: c.Auth == "none", Names: c.Certificates, Terms: receive.Terms{PublicURL: strings.TrimSuffix(c.PublicURL, "/"), AnyVersion: c.Signature == config.AnySignature},
	}
	for _, o := range c.Origins {
		a.Origins = append(a.Origins, normalOrigin(o))
	}
	var err error
	if a.Secrets, err = openRing(c.Secrets, grace); err != nil {
		return Account{}, err
	}
	a.Verify = a.Secrets
	if c.VerifyTokenFile != "" {
		if a.Verify, err = openRing([]string{c.VerifyTokenFile}, grace); err != nil {
			return Account{}, err
		}
	}
	return a, nil
}

// Holder is a type that embeds an Account, as source.Source does.
type Holder interface {
	account() *Account
}

func (a *Account) account() *Account { return a }

// showsSecret says whether everybody can read the account's secret: its pages show it. Without pages it is a server's.
func (a *Account) showsSecret() bool { return a.Shown && len(a.Origins) > 0 }

// provable says whether there is anything by which its sender may prove itself.
func (a *Account) provable() bool { return !a.Secrets.Empty() || len(a.Names) > 0 }

// certified says whether a client certificate is its sender's: one of its names is, as it is written.
func (a *Account) certified(names []string) bool {
	return slices.ContainsFunc(names, func(n string) bool { return slices.Contains(a.Names, n) })
}

// Verifies says whether a token is one by which the sender verifies the endpoint.
func (a *Account) Verifies(token string) bool { return token != "" && a.Verify.holds(digestOf(token)) }
