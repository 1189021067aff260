package phonegen

import (
	"bytes"
	"os"
	"testing"

	"github.com/nyaruka/phonenumbers"
)

// TestGenerateWritesTheFile: the file in the repository is, byte for byte, what the generator writes.
func TestGenerateWritesTheFile(t *testing.T) {
	file, err := os.ReadFile("../../table_gen.go")
	if err != nil {
		t.Fatal(err)
	}
	got, err := Generate()
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, file) {
		t.Error("table_gen.go is not what is generated: run go generate in package phone")
	}
}

// TestRenumberPutsAcceptingNodesLast: accepting nodes come last, so that one comparison tells them from the others.
func TestRenumberPutsAcceptingNodesLast(t *testing.T) {
	g := newGraph()
	leaf, err := generalPlan(sampleRegion("AA", "1[23]|4"))
	if err != nil {
		t.Fatal(err)
	}
	root := g.add(leaf)
	order, number := renumber(g)
	if len(order) != len(g.nodes) || number[0] != 0 {
		t.Fatalf("%d of %d nodes, the node that accepts nothing is %d", len(order), len(g.nodes), number[0])
	}
	accepting := false
	for at, id := range order {
		if number[id] != uint16(at) {
			t.Errorf("node %d is %d, and %d", id, at, number[id])
		}
		if accepting && !g.nodes[id].accepts {
			t.Errorf("node %d accepts nothing behind one that does", at)
		}
		accepting = accepting || g.nodes[id].accepts
	}
	if !accepting || g.nodes[root].accepts {
		t.Error("no node accepts, or the root does")
	}
}

func TestMasks(t *testing.T) {
	if got := masks([10]uint16{}); got != "[10]uint16{}" {
		t.Errorf("nothing is %s", got)
	}
	if got := masks([10]uint16{0: 0x3ff, 9: 2}); got != "[10]uint16{0: 0x3ff, 9: 0x2}" {
		t.Errorf("got %s", got)
	}
	if got := lengthMask([]int32{-1, 7, 10}); got != 1<<7|1<<10 {
		t.Errorf("lengths are %b", got)
	}
}

func TestLiteralTrunk(t *testing.T) {
	for _, c := range []struct{ prefix, rule, want string }{
		{"0", "", "0"},
		{"06", "", "06"},
		{"", "", ""},
		{"0?", "", ""},
		{"0(?:1[0-9])?", "", ""},
		{"([2-9]\\d{6})$", "340$1", ""},
		{"0", "9$1", ""}, // not simply left out
	} {
		m := &phonenumbers.PhoneMetadata{NationalPrefixForParsing: new(c.prefix)}
		if c.rule != "" {
			m.NationalPrefixTransformRule = new(c.rule)
		}
		if got := literalTrunk(m); got != c.want {
			t.Errorf("%s with rule %q: %q, want %q", c.prefix, c.rule, got, c.want)
		}
	}
}

func TestMayStart(t *testing.T) {
	for expression, want := range map[string][]string{ // pairs of first digits
		"":        nil,
		"00":      {"00"},
		"0":       {"00", "05", "09"},
		"0[12]":   {"01", "02"},
		"0?":      {"00", "07"},
		"810|8":   {"81", "80", "89"},
		"1(?:23)": {"12"},
	} {
		pairs, err := mayStart(expression)
		if err != nil {
			t.Fatal(err)
		}
		for _, pair := range want {
			if pairs[pair[0]-'0']>>(pair[1]-'0')&1 != 1 {
				t.Errorf("%s: %s may not start it", expression, pair)
			}
		}
		if pairs[3] != 0 || pairs[9] != 0 {
			t.Errorf("%s: 3 or 9 may start it: %b", expression, pairs)
		}
		if expression == "0[12]" && pairs[0] != 0b110 {
			t.Errorf("0[12] may start with 0 and %b", pairs[0])
		}
	}
	if _, err := mayStart("("); err == nil {
		t.Error("takes no expression for one")
	}
}
