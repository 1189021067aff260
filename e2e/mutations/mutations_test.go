package main

import (
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestMutationsApply: each finds its text, leaves Go behind, and names a test that is there. That they are caught is for the
// command itself to show: it takes minutes.
func TestMutationsApply(t *testing.T) {
	root, err := rootOf(".")
	if err != nil {
		t.Fatal(err)
	}
	if len(mutations) < 30 {
		t.Errorf("%d mutations, want 30", len(mutations))
	}
	names := map[string]bool{}
	for i := range mutations {
		m := &mutations[i]
		t.Run(m.name, func(t *testing.T) {
			if names[m.name] {
				t.Error("there are two of this name")
			}
			names[m.name] = true
			if !strings.HasSuffix(m.breaks, ".") || strings.Contains(m.name, " ") {
				t.Errorf("%q: %q", m.name, m.breaks)
			}
			text, err := m.apply(root)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := parser.ParseFile(token.NewFileSet(), m.file, text, 0); err != nil {
				t.Error(err)
			}
			if !hasTest(t, filepath.Join(root, m.in), m.test) {
				t.Errorf("%s has no %s", m.in, m.test)
			}
		})
	}
}

func hasTest(t *testing.T, dir, name string) bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), "\nfunc "+name+"(t *testing.T) {") {
			return true
		}
	}
	return false
}
