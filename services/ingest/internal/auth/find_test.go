package auth

import (
	"fmt"
	"strings"
	"testing"

	"github.com/omnicapi/omnicapi/pkg/config"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
)

const (
	page  = "https://shop.example.com"
	other = "https://evil.example"
)

// source is one named after what is said of it.
func source(name string, change ...func(*Account)) *Account {
	s := &Account{Name: name, Terms: receive.Terms{PublicURL: name}, DatasetID: "1", Secrets: NewRing()}
	for _, c := range change {
		c(s)
	}
	return s
}

func secrets(texts ...string) func(*Account) {
	return func(s *Account) {
		all := make([]*config.Secret, len(texts))
		for i, text := range texts {
			all[i] = config.StaticSecret(text)
		}
		s.Secrets = NewRing(all...)
	}
}

func keyed(key string) func(*Account)  { return func(s *Account) { s.Key = key } }
func dataset(id string) func(*Account) { return func(s *Account) { s.DatasetID = id } }
func pages(origins ...string) func(*Account) {
	return func(s *Account) { s.Browser, s.Origins = true, origins }
}

func open(s *Account) { s.Open = true }

// signedWith is a request that was signed with a secret for a source.
type signedWith struct{ secret, source string }

func (p signedWith) Holds(secret string, t receive.Terms) bool {
	return secret == p.secret && t.PublicURL == p.source
}

// TestFind: which source a claim names and proves.
func TestFind(t *testing.T) {
	first := source("first", secrets("A", "A2"))
	second := source("second", secrets("B"))
	elsewhere := source("elsewhere", secrets("B"), dataset("2"))
	one, same := source("one", secrets("K1"), keyed("k")), source("same", secrets("K2"), keyed("k"))
	lax := source("lax", open, keyed("k"))
	free := source("free", open, secrets("F"))
	all := []*Account{first, second, elsewhere, one, same}
	for _, c := range []struct {
		name       string
		candidates []*Account
		claim      receive.Claim
		want       string // the source's name
		server     bool
		decision   Decision
	}{
		{"by name", all, receive.Claim{Name: "second", Secret: "B"}, "second", true, Granted},
		{"by name, though it has a key", all, receive.Claim{Name: "one", Secret: "K1"}, "one", true, Granted},
		{"by name, another's secret", all, receive.Claim{Name: "second", Secret: "A"}, "", false, WrongSecret},
		{"by a name that is not", all, receive.Claim{Name: "third", Secret: "A"}, "", false, NoSuchSource},
		{"by an empty list", nil, receive.Claim{Secret: "A"}, "", false, WrongSecret},
		{"secret decides", all, receive.Claim{Secret: "B"}, "second", true, Granted},
		{"second of a ring", all, receive.Claim{Secret: "A2"}, "first", true, Granted},
		{"bearer does not count", all, receive.Claim{Secret: "Bearer A"}, "first", true, Granted},
		{"bearer twice does", all, receive.Claim{Secret: "Bearer Bearer A"}, "", false, WrongSecret},
		{"prefix", all, receive.Claim{Secret: "A2x"}, "", false, WrongSecret},
		{"nothing", all, receive.Claim{}, "", false, WrongSecret},
		{"key", all, receive.Claim{Key: "k", Secret: "K2"}, "same", true, Granted},
		{"key, a keyless one's secret", all, receive.Claim{Key: "k", Secret: "A"}, "", false, WrongSecret},
		{"unknown key, a keyless one's secret", all, receive.Claim{Key: "x", Secret: "A"}, "first", true, Granted},
		{"unknown key, a keyed one's secret", all, receive.Claim{Key: "x", Secret: "K1"}, "", false, WrongSecret},
		{"no key, a keyed one's secret", all, receive.Claim{Secret: "K1"}, "one", true, Granted},
		{"no key, nothing, one is open", []*Account{first, lax}, receive.Claim{}, "", false, WrongSecret},
		{"no key, wrong secret, one is open", []*Account{first, lax}, receive.Claim{Secret: "no"}, "", false, WrongSecret},
		{"dataset", all, receive.Claim{Key: "2", Dataset: true, Secret: "B"}, "elsewhere", true, Granted},
		{"dataset of nobody", all, receive.Claim{Key: "3", Dataset: true, Secret: "B"}, "", false, WrongSecret},
		{"dataset not named", all, receive.Claim{Dataset: true, Secret: "B"}, "second", true, Granted},
		{"no dataset: any keyless", all, receive.Claim{Key: "2", Secret: "A"}, "first", true, Granted},
		{"open", []*Account{free}, receive.Claim{}, "free", false, Granted},
		{"open, wrong secret", []*Account{free}, receive.Claim{Secret: "no"}, "free", false, Granted},
		{"open, right secret", []*Account{free}, receive.Claim{Secret: "F"}, "free", true, Granted},
		{"a right secret before an open one", []*Account{lax, one}, receive.Claim{Key: "k", Secret: "K1"}, "one", true, Granted},
		{"the open one of a key", []*Account{one, lax}, receive.Claim{Key: "k", Secret: "no"}, "lax", false, Granted},
		{"signed", all, receive.Claim{Proof: signedWith{"A2", "first"}}, "first", true, Granted},
		{"signed with the first of a ring", all, receive.Claim{Proof: signedWith{"A", "first"}}, "first", true, Granted},
		{"signed, keyed", all, receive.Claim{Key: "k", Proof: signedWith{"K2", "same"}}, "same", true, Granted},
		{"signed, no key", all, receive.Claim{Proof: signedWith{"K1", "one"}}, "", false, WrongSecret},
		{"signed, no key, by name", all, receive.Claim{Name: "one", Proof: signedWith{"K1", "one"}}, "one", true, Granted},
		{"signed, unknown key", all, receive.Claim{Key: "x", Proof: signedWith{"K1", "one"}}, "", false, WrongSecret},
		{"signed, unknown key, a keyless one's secret", all, receive.Claim{Key: "x", Proof: signedWith{"A", "first"}}, "first", true, Granted},
		{"signed for another", all, receive.Claim{Proof: signedWith{"A", "second"}}, "", false, WrongSecret},
		{"signed wrongly, though a secret is right", all, receive.Claim{Secret: "A", Proof: signedWith{"no", "first"}}, "", false, WrongSecret},
	} {
		t.Run(c.name, func(t *testing.T) { mustFind(t, c.candidates, c.claim, c.want, c.server, c.decision) })
	}
}

func mustFind(t *testing.T, candidates []*Account, c receive.Claim, want string, server bool, decision Decision) {
	t.Helper()
	g, d := Find(candidates, c)
	got := ""
	if g.To != nil {
		got = g.To.Name
	}
	if got != want || g.Server != server || d != decision {
		t.Errorf("source %q (server %v), decision %d; want %q (%v), %d", got, g.Server, d, want, server, decision)
	}
}

// askedAbout counts the secrets by which a signature is checked; right is the one it was made with.
type askedAbout struct {
	right string
	asked *int
}

func (p askedAbout) Holds(secret string, _ receive.Terms) bool {
	*p.asked++
	return secret == p.right
}

// TestEverySecretIsAsked: the right one ends no search, so that the time taken does not say which it was.
func TestEverySecretIsAsked(t *testing.T) {
	all := []*Account{source("first", secrets("A", "A2")), source("second", secrets("B")), source("third", secrets("C", "C2"))}
	for right, want := range map[string]Decision{"A": Granted, "B": Granted, "C2": Granted, "none": WrongSecret} {
		asked := 0
		if _, d := Find(all, receive.Claim{Proof: askedAbout{right, &asked}}); d != want {
			t.Errorf("%s: decision %d", right, d)
		}
		if asked%5 != 0 || asked == 0 {
			t.Errorf("%s: %d secrets of 5 were asked about", right, asked)
		}
	}
}

// TestSignedWithoutKey: a signed request that names no key is tried against no source that has one, however many there are.
func TestSignedWithoutKey(t *testing.T) {
	var all []*Account
	for i := range 400 {
		all = append(all, source(fmt.Sprint("shop-", i), secrets(fmt.Sprint("S", i)), keyed(fmt.Sprint("shop-", i, ".example.com"))))
	}
	asked := 0
	for _, key := range []string{"", "another.example.com", receive.SeveralKeys} {
		claim := receive.Claim{Key: key, Proof: askedAbout{"S7", &asked}}
		if _, d := Find(all, claim); d != WrongSecret || Why(all, claim, d) != NoKey || asked != 0 {
			t.Errorf("key %q: decision %d, %s, %d secrets were asked about", key, d, Why(all, claim, d), asked)
		}
	}
	some := append([]*Account{source("one", secrets("S7", "T")), source("two", secrets("U"))}, all...)
	if g, d := Find(some, receive.Claim{Proof: askedAbout{"S7", &asked}}); d != Granted || g.To.Name != "one" || asked != 3 {
		t.Errorf("decision %d, %d secrets were asked about", d, asked)
	}
	many := append([]*Account{source("more", secrets(strings.Split("abcdefghijklmn", "")...))}, some...)
	asked = 0
	claim := receive.Claim{Proof: askedAbout{"S7", &asked}}
	if _, d := Find(many, claim); d != WrongSecret || Why(many, claim, d) != TooManySecrets || asked != 0 {
		t.Errorf("17 without a key: decision %d, %s, %d secrets were asked about", d, Why(many, claim, d), asked)
	}
	claim.Name = "one"
	if g, d := Find(many, claim); d != Granted || g.To.Name != "one" || asked != 2 {
		t.Errorf("17 without a key, by name: decision %d, %d secrets were asked about", d, asked)
	}
	if g, d := Find(all, receive.Claim{Secret: "S7"}); d != Granted || g.To.Name != "shop-7" {
		t.Errorf("a secret that is presented: decision %d", d)
	}
}

// BenchmarkPresented is what it takes to find a secret among 400 sources.
func BenchmarkPresented(b *testing.B) {
	var all []*Account
	for i := range 400 {
		all = append(all, source(fmt.Sprint("shop-", i), secrets(fmt.Sprint("S", i)), keyed(fmt.Sprint("shop-", i))))
	}
	for b.Loop() {
		if _, d := Find(all, receive.Claim{Secret: "no"}); d != WrongSecret {
			b.Fatal(d)
		}
	}
}

// TestFindPages: what pages may do with and without secrets.
func TestFindPages(t *testing.T) {
	both := source("both", pages(page), secrets("S"))
	bare := source("bare", pages(page))
	free := source("free", pages(page), secrets("S"), open)
	public := source("public", pages(page), keyed("k"))
	shut := source("shut", pages(), secrets("S"))
	files := source("files", func(s *Account) { s.Origins = []string{page} }, secrets("S")) // no page's format
	for _, c := range []struct {
		name     string
		source   *Account
		claim    receive.Claim
		server   bool
		decision Decision
	}{
		{"page", both, receive.Claim{Origin: page}, false, Granted},
		{"page and secret", both, receive.Claim{Origin: page, Secret: "S"}, true, Granted},
		{"page and wrong secret", both, receive.Claim{Origin: page, Secret: "no"}, false, WrongSecret},
		{"another page", both, receive.Claim{Origin: other}, false, WrongOrigin},
		{"another page and secret", both, receive.Claim{Origin: other, Secret: "S"}, false, WrongOrigin},
		{"secret", both, receive.Claim{Secret: "S"}, true, Granted},
		{"neither", both, receive.Claim{}, false, WrongSecret},
		{"sandboxed frame", both, receive.Claim{Origin: "null"}, false, WrongOrigin},
		{"prefix of another", both, receive.Claim{Origin: page + ".evil.example"}, false, WrongOrigin},
		{"no secrets, no origin", bare, receive.Claim{}, false, Granted},
		{"no secrets, one presented", bare, receive.Claim{Origin: page, Secret: "S"}, false, WrongSecret},
		{"no secrets, signed", bare, receive.Claim{Origin: page, Proof: signedWith{"S", "bare"}}, false, WrongSecret},
		{"open, no origin", free, receive.Claim{}, false, Granted},
		{"open, wrong secret", free, receive.Claim{Secret: "no"}, false, Granted},
		{"open, another page", free, receive.Claim{Origin: other}, false, WrongOrigin},
		{"public key", public, receive.Claim{Key: "k", Secret: "k", PublicKey: true, Origin: page}, false, Granted},
		{"public key by the source's name", public, receive.Claim{Name: "public", Key: "x", Secret: "x", PublicKey: true, Origin: page}, false, WrongSecret},
		{"a key that is not public", public, receive.Claim{Key: "k", Secret: "k", Origin: page}, false, WrongSecret},
		{"public key, but it has secrets", both, receive.Claim{Key: "k", Secret: "k", PublicKey: true, Origin: page}, false, WrongSecret},
		{"no origins: any page with the secret", shut, receive.Claim{Origin: other, Secret: "S"}, true, Granted},
		{"no origins: no page without", shut, receive.Claim{Origin: page}, false, WrongSecret},
		{"no page's format: origins open nothing", files, receive.Claim{Origin: page}, false, WrongSecret},
		{"no page's format: the secret does", files, receive.Claim{Origin: other, Secret: "S"}, true, Granted},
	} {
		t.Run(c.name, func(t *testing.T) {
			want := c.source.Name
			if c.decision != Granted {
				want = ""
			}
			mustFind(t, []*Account{c.source}, c.claim, want, c.server, c.decision)
		})
	}
	t.Run("a wrong origin is told though another has a wrong secret", func(t *testing.T) {
		mustFind(t, []*Account{shut, bare, shut}, receive.Claim{Origin: other}, "", false, WrongOrigin)
	})
}

// TestPreflight: before a source is known any of the route may allow an origin; only pages' formats do.
func TestPreflight(t *testing.T) {
	shop := source("shop", pages(page))
	files := source("files", func(s *Account) { s.Origins = []string{other} })
	for origin, want := range map[string]bool{page: true, other: false, "": false, "null": false} {
		if got := AnyAllowsOrigin([]*Account{files, shop}, origin); got != want {
			t.Errorf("%q: %v", origin, got)
		}
	}
	if source("frames", pages("null", "")).AllowsOrigin("null") || source("empty", pages("")).AllowsOrigin("") {
		t.Error("null or no origin is allowed where it is written")
	}
}

func certified(names ...string) func(*Account) { return func(s *Account) { s.Names = names } }

// TestFindByCertificate: a client certificate proves the source that names it, and no other; it is asked for nothing that a secret
// or a signature was given for.
func TestFindByCertificate(t *testing.T) {
	till := source("till", certified("till.example.com", "spiffe://shop/till"))
	both := source("both", certified("both.example.com"), secrets("S"), keyed("k"))
	second := source("second", secrets("B"))
	browser := source("browser", pages(page), certified("server.example.com"))
	bare := source("bare", pages(page))
	free := source("free", open)
	all := []*Account{till, both, second}
	shows := func(names ...string) receive.Claim { return receive.Claim{Certificate: names} }
	with := func(c receive.Claim, change func(*receive.Claim)) receive.Claim { change(&c); return c }
	secret := func(text string) func(*receive.Claim) { return func(c *receive.Claim) { c.Secret = text } }
	name := func(text string) func(*receive.Claim) { return func(c *receive.Claim) { c.Name = text } }
	from := func(origin string) func(*receive.Claim) { return func(c *receive.Claim) { c.Origin = origin } }
	for _, c := range []struct {
		name       string
		candidates []*Account
		claim      receive.Claim
		want       string
		server     bool
		decision   Decision
	}{
		{"right", all, shows("till.example.com"), "till", true, Granted},
		{"right, by its URI", all, shows("other", "spiffe://shop/till"), "till", true, Granted},
		{"by the source's name", all, with(shows("till.example.com"), name("till")), "till", true, Granted},
		{"a source with a key, without it", all, shows("both.example.com"), "both", true, Granted},
		{"none", all, shows(), "", false, WrongSecret},
		{"nobody's name", all, shows("evil.example"), "", false, WrongSecret},
		{"a part of the name", all, shows("till.example.co", "x.till.example.com", "TILL.example.com", "*.example.com", ""), "", false, WrongSecret},
		{"another source's", all, with(shows("both.example.com"), name("till")), "", false, WrongSecret},
		{"of a source that has secrets alone", all, with(shows("till.example.com"), name("second")), "", false, WrongSecret},
		{"right, and a wrong secret", all, with(shows("till.example.com"), secret("no")), "", false, WrongSecret},
		{"right, and another source's secret", []*Account{both}, with(shows("both.example.com"), secret("B")), "", false, WrongSecret},
		{"right, and a wrong signature", all, with(shows("till.example.com"), func(c *receive.Claim) { c.Proof = signedWith{"no", "till"} }), "", false, WrongSecret},
		{"another's, and the right secret", all, with(shows("till.example.com"), secret("B")), "second", true, Granted},
		{"a page's server", []*Account{browser}, shows("server.example.com"), "browser", true, Granted},
		{"a page", []*Account{browser}, with(shows(), from(page)), "browser", false, Granted},
		{"a page with another's", []*Account{browser}, with(shows("till.example.com"), from(page)), "", false, WrongSecret},
		{"neither page nor server", []*Account{browser}, shows(), "", false, WrongSecret},
		{"a page behind a proxy that shows one", []*Account{bare}, with(shows("proxy.example.com"), from(page)), "bare", false, Granted},
		{"beside pages that let anybody in", []*Account{bare, both}, shows("both.example.com"), "both", true, Granted},
		{"nobody's, beside pages that let anybody in", []*Account{bare, both}, shows("evil.example"), "bare", false, Granted},
		{"an open source", []*Account{free}, shows("till.example.com"), "free", false, Granted},
	} {
		t.Run(c.name, func(t *testing.T) { mustFind(t, c.candidates, c.claim, c.want, c.server, c.decision) })
	}
	if g, _ := Find(all, shows("till.example.com")); !g.Proven {
		t.Error("a right certificate proves nothing")
	}
	if why := Why(all, shows("evil.example"), WrongSecret); why != BadCertificate {
		t.Errorf("nobody's certificate: %s", why)
	}
}
