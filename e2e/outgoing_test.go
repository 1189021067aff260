package e2e

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestOutgoing: no program of ours goes through a proxy that its environment names, or follows redirects with what it posts: the
// defaults of net/http do both. Each client says where it goes.
func TestOutgoing(t *testing.T) {
	root, seen := filepath.Join(".."), 0
	for _, folder := range []string{"pkg", "services", "tools", "examples"} {
		err := filepath.WalkDir(filepath.Join(root, folder), func(path string, _ fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			text, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			for _, word := range []string{"http.DefaultClient", "http.DefaultTransport", "ProxyFromEnvironment", "http.Get(", "http.Post(", "http.PostForm(", "http.Head("} {
				if bytes.Contains(text, []byte(word)) {
					t.Errorf("%s has %s: make a client of its own", path, word)
				}
			}
			for line := range strings.Lines(string(text)) {
				if _, fields, found := strings.Cut(line, "http.Client{"); found {
					seen++
					if !strings.Contains(fields, "Transport:") && !bytes.Contains(text, []byte("Transport:")) {
						t.Errorf("%s: a client without a transport of its own: %s", path, line)
					}
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if seen == 0 {
		t.Error("no client was seen: the test shows nothing")
	}
}
