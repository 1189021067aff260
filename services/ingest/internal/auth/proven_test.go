package auth

import (
	"testing"

	"github.com/omnicapi/omnicapi/pkg/format/receive"
)

func shown(s *Account) { s.Shown = true }

// TestProven: what a request showed decides, not its format: a right secret or a signature, unless pages show it to everybody.
func TestProven(t *testing.T) {
	both := source("both", pages(page), secrets("S"))
	key := source("key", pages(page), secrets("S"), shown)
	servers := source("servers", pages(), secrets("S"), shown) // no page posts to it
	free := source("free", open, secrets("S"))
	public := source("public", pages(page), keyed("k"), shown)
	for _, c := range []struct {
		name   string
		source *Account
		claim  receive.Claim
		want   bool
	}{
		{"a secret", both, receive.Claim{Secret: "S"}, true},
		{"a secret and a page", both, receive.Claim{Secret: "S", Origin: page}, true},
		{"a page", both, receive.Claim{Origin: page}, false},
		{"a signature", both, receive.Claim{Proof: signedWith{"S", "both"}}, true},
		{"a secret that pages show", key, receive.Claim{Secret: "S", Origin: page}, false},
		{"the same without an origin", key, receive.Claim{Secret: "S"}, false},
		{"the same signed", key, receive.Claim{Proof: signedWith{"S", "key"}}, false},
		{"the same of servers alone", servers, receive.Claim{Secret: "S"}, true},
		{"open", free, receive.Claim{}, false},
		{"open, a wrong secret", free, receive.Claim{Secret: "no"}, false},
		{"open, a right secret", free, receive.Claim{Secret: "S"}, true},
		{"a public key", public, receive.Claim{Key: "k", Secret: "k", PublicKey: true, Origin: page}, false},
	} {
		g, d := Find([]*Account{c.source}, c.claim)
		if d != Granted || g.Proven != c.want {
			t.Errorf("%s: decision %d, proven %v", c.name, d, g.Proven)
		}
	}
}
