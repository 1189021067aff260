package source

import (
	"testing"

	"github.com/omnicapi/omnicapi/pkg/config"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/services/ingest/internal/auth"
)

func named(name string) *Source {
	return &Source{Account: auth.Account{Name: name, Secrets: auth.NewRing(), Verify: auth.NewRing()}}
}

// TestNarrow: a request may be meant for all candidates, or for the one it names.
func TestNarrow(t *testing.T) {
	all := Candidates{named("a"), named("b")}
	for name, want := range map[string]int{"": 2, "b": 1, "c": 0} {
		got := all.Narrow(name)
		if len(got) != want || name == "b" && got[0] != all[1] {
			t.Errorf("%q: %d sources", name, len(got))
		}
	}
}

// TestCandidates: all are asked, and the rate is that of the least limited.
func TestCandidates(t *testing.T) {
	slow, quick, free := named("slow"), named("quick"), named("free")
	free.Open = true
	slow.Limit(0.001, 1)
	quick.Limit(2, 0)
	for want, of := range map[int]Candidates{120: {slow, quick}, 1: {slow}, 0: {quick, free}} {
		if got := of.PerMinute(); got != want {
			t.Errorf("%d a minute, want %d", got, want)
		}
	}
	if (Candidates{slow, quick}).Admits(receive.Claim{}) || !(Candidates{slow, free}).Admits(receive.Claim{}) {
		t.Error("only the open one admits what brings nothing")
	}
	quick.Verify = auth.NewRing(config.StaticSecret("V"))
	if !(Candidates{slow, quick, free}).Verifies("V") || (Candidates{slow, free}).Verifies("V") {
		t.Error("the token of one of them verifies")
	}
	if (Candidates{slow, free}).Verifies("") || (Candidates{slow}).Verifies("x") {
		t.Error("a token that nobody has verifies")
	}
}
