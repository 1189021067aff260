package recorded

import (
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/omnicapi/omnicapi/pkg/config"
	"github.com/omnicapi/omnicapi/pkg/format/all"
)

// TestWriteConfig: the files of all formats' folders make one valid configuration, with a source of each format.
func TestWriteConfig(t *testing.T) {
	file, err := WriteConfig(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	cfg, _, err := config.Load(file, nil, config.RoleLocal)
	if err != nil {
		t.Fatal(err)
	}
	has := map[string]bool{}
	for _, s := range cfg.Sources {
		has[s.Format] = true
	}
	for _, name := range all.Names() {
		if !has[name] {
			t.Errorf("%s has no source", name)
		}
	}
}

// TestSecret: a secret is found in its format's own folder and among those of several formats.
func TestSecret(t *testing.T) {
	for name, want := range map[string]string{"ga4.mp": "test_api_secret", "bearer": "EAAtestToken"} {
		if got, err := Secret(name); err != nil || got != want {
			t.Errorf("%s: %q %v", name, got, err)
		}
	}
	if _, err := Secret("fax"); err == nil {
		t.Error("a format of nobody's has a secret")
	}
}

// TestSecretsDoNotMeet: two folders may not have a secret of the same name, since one would replace the other.
func TestSecretsDoNotMeet(t *testing.T) {
	folder := t.TempDir()
	one := fstest.MapFS{"a/secrets/x": {Data: []byte("1")}, "b/secrets/x": {Data: []byte("2")}, "b/mappings/y.json": {Data: []byte("3")}}
	if err := copyBeside(folder, one, "a"); err != nil {
		t.Fatal(err)
	}
	if err := copyBeside(folder, one, "b"); err == nil {
		t.Error("the second is written over the first")
	}
	if text, err := os.ReadFile(filepath.Join(folder, "secrets", "x")); err != nil || string(text) != "1" {
		t.Errorf("%q %v", text, err)
	}
}
