package all

import (
	"os"
	"strings"
	"testing"
)

// TestCertified: the formats whose senders may show a client certificate are those that the contract lists, and none of them has a
// proof of its vendor's.
func TestCertified(t *testing.T) {
	var names []string
	for _, f := range Formats {
		if !f.Certified {
			continue
		}
		names = append(names, f.Name)
		if f.Signature != nil || f.PageSecret || f.Verify {
			t.Errorf("%s proves itself by its vendor's scheme", f.Name)
		}
	}
	text, err := os.ReadFile("../../../docs/contract.md")
	if err != nil {
		t.Fatal(err)
	}
	_, after, _ := strings.Cut(string(text), "a client certificate proves a source of `")
	listed, _, _ := strings.Cut(after, "`")
	for _, n := range names {
		if !strings.Contains(" "+listed+" ", " "+n+" ") {
			t.Errorf("docs/contract.md does not list %s", n)
		}
	}
	if got := strings.Fields(listed); len(got) != len(names) {
		t.Errorf("docs/contract.md lists %v, the formats are %v", got, names)
	}
}
