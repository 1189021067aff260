package receive

import "github.com/omnicapi/omnicapi/pkg/signature"

// Claim is what a request says of who sent it.
type Claim struct {
	Name    string // the source's name: ?source= or the path; "" none
	Key     string // dataset, pixel, …; "" none
	Dataset bool   // Key is the id of a dataset: it names sources without a key, too
	Secret  string // "" none presented
	Proof   Proof  // the request is signed instead; nil: it is not
	Origin  string // the page's; "" none

	Certificate []string // the names of the client's certificate, verified; nil: it shows none that counts

	PublicKey bool // Key is what is presented, and pages show it: a source without secrets is content with it
}

// Proof says whether a signed request was signed with a source's secret.
type Proof interface {
	// Holds compares with one source's, on its terms.
	Holds(secret string, t Terms) bool
}

// Terms are what a source says of how its requests are signed.
type Terms struct {
	PublicURL  string // what the sender calls us; "": as the request says
	AnyVersion bool   // versions of its scheme that sign less count, too
}

// Explainer is a proof that can say what is wrong with it whatever the secret, for an operator's eyes only.
type Explainer interface {
	Fault() signature.Fault
}

// Presents says whether the request brings anything to prove itself by.
func (c *Claim) Presents() bool { return c.Secret != "" || c.Proof != nil }

// Candidates are the sources that a request may be meant for, before one of them is found.
type Candidates interface {
	// Verifies says whether a token is one by which the sender of a candidate verifies the endpoint.
	Verifies(token string) bool
	// Admits says whether a candidate grants a claim.
	Admits(c Claim) bool
	// PerMinute is how many events a minute the least limited candidate takes; 0: as many as come.
	PerMinute() int
}

// AddKey completes the claim by a key that each part of a body names: where the parts name several, the request is
// nobody's. It keeps no list of them: whose body it is, is not known yet.
func (c *Claim) AddKey(key []byte) {
	switch {
	case len(key) == 0:
	case c.Key == "":
		c.Key = string(key)
	case c.Key != string(key):
		c.Key = SeveralKeys
	}
}

// SeveralKeys is no source's key: one has no space at its ends.
const SeveralKeys = " several "
