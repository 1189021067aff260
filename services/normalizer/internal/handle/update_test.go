package handle_test

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files")

// golden compares v with a golden file as JSON values.
func golden(t *testing.T, file string, v any) {
	t.Helper()
	data, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(filepath.Join("testdata", file), append(data, '\n'), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(decoded(t, read(t, file)), decoded(t, data)); diff != "" {
		t.Errorf("%s: %s", file, diff)
	}
}

// equal compares JSON values.
func equal(a, b any) bool { return cmp.Equal(a, b) }
