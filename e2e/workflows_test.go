package e2e

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestActionsArePinned (T55): a workflow runs the commit of an action that was looked at, not what its tag says today.
func TestActionsArePinned(t *testing.T) {
	files, err := filepath.Glob("../.github/workflows/*.yml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no workflows: %v", err)
	}
	pinned, uses := regexp.MustCompile(`^[\w./-]+@[0-9a-f]{40} # v\d`), 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			if _, action, found := strings.Cut(line, "uses: "); found {
				if uses++; !pinned.MatchString(action) {
					t.Errorf("%s: %s", filepath.Base(file), strings.TrimSpace(action))
				}
			}
		}
	}
	if uses == 0 {
		t.Error("no action is used")
	}
}
