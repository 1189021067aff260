package config

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	// In a bubble the clock is not the disk's.
	if err := os.Chtimes(path, time.Now(), time.Now()); err != nil {
		t.Fatal(err)
	}
}

func TestSecretFollowsItsFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "token")
	synctest.Test(t, func(t *testing.T) {
		write(t, path, "first\n")
		s, err := OpenSecret(path)
		if err != nil {
			t.Fatal(err)
		}
		if s.Reveal() != "first" || s.Version() != 1 {
			t.Fatalf("%q, version %d", s.Reveal(), s.Version())
		}
		for _, bad := range []string{"", "\n", "two\nlines\n", "a blank", "tab\tinside", "carriage\rreturn", strings.Repeat("x", maxSecretBytes+1)} {
			write(t, path, bad)
			<-time.After(5 * time.Second)
			if s.Reveal() != "first" || s.Version() != 1 {
				t.Errorf("%.20q replaced the secret", bad)
			}
		}
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		<-time.After(5 * time.Second)
		if s.Reveal() != "first" {
			t.Error("a removed file replaced the secret")
		}
		write(t, path, "second\r\n")
		within(t, s, "second", 2)
	})
}

// within looks as often as a busy caller does; the content must be there in less than 2 s.
func within(t *testing.T, s *Secret, want string, version uint64) {
	t.Helper()
	for range 19 {
		<-time.After(100 * time.Millisecond)
		if s.Reveal() == want && s.Version() == version {
			return
		}
	}
	t.Errorf("after 1.9 s: version %d, not %d", s.Version(), version)
}

func TestSecretIgnoresAHalfWrittenFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "token")
	synctest.Test(t, func(t *testing.T) {
		write(t, path, "first")
		s, err := OpenSecret(path)
		if err != nil {
			t.Fatal(err)
		}
		<-time.After(time.Minute)
		write(t, path, "sec") // the writer has not finished
		if s.Reveal() != "first" {
			t.Error("half a secret was taken")
		}
		<-time.After(50 * time.Millisecond)
		write(t, path, "second")
		within(t, s, "second", 2)
	})
}

// Kubernetes swaps a symlink to a new folder; the files in it may be old.
func TestSecretFollowsASymlinkSwap(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"v1": "first", "v2": "second"} {
		if err := os.Mkdir(filepath.Join(dir, name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name, "token"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	link := func(to, name string) {
		if err := os.Symlink(to, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	link("v1", "..data")
	link("..data/token", "token")
	synctest.Test(t, func(t *testing.T) {
		s, err := OpenSecret(filepath.Join(dir, "token"))
		if err != nil {
			t.Fatal(err)
		}
		link("v2", "..new")
		if err := os.Rename(filepath.Join(dir, "..new"), filepath.Join(dir, "..data")); err != nil {
			t.Fatal(err)
		}
		within(t, s, "second", 2)
	})
}

// TestMarkedFiles: an editor's byte order mark is no part of a secret, nor of the configuration.
func TestMarkedFiles(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, []byte("\ufeffsecret\r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if s, err := OpenSecret(path); err != nil || s.Reveal() != "secret" {
		t.Errorf("%v: %q", err, s.Reveal())
	}
	if doc := readDocument([]byte("\ufeffkafka: {brokers: [a:9092]}\n")); len(doc.problems) > 0 || doc.values["kafka"] == nil {
		t.Errorf("%v: %v", doc.problems, doc.values)
	}
}

func TestSecretNeverPrints(t *testing.T) {
	s := StaticSecret("CANARY")
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "secret", s, "copy", *s, "in", map[string]any{"s": s})
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "secret", s, "copy", *s)
	inJSON, err := json.Marshal(map[string]any{"pointer": s, "value": *s})
	if err != nil {
		t.Fatal(err)
	}
	holder := struct {
		S *Secret
		s Secret
	}{s, *s}
	printed := fmt.Sprintf("%v %+v %#v %s %q %x %d", s, s, s, s, s, s, s) +
		fmt.Sprintf("%v %+v %#v %s %q %x %d", *s, *s, *s, *s, *s, *s, *s) +
		fmt.Sprintf("%v %+v %#v", holder, holder, &holder) + s.String() + s.GoString() + log.String() + string(inJSON)
	if strings.Contains(printed, "CANARY") || strings.Contains(printed, fmt.Sprintf("%x", "CANARY")) {
		t.Error(printed)
	}
	if !strings.Contains(printed, redacted) || !strings.Contains(string(inJSON), redacted) {
		t.Error("nothing says redacted")
	}
	if s.Reveal() != "CANARY" {
		t.Error("the secret is lost")
	}
}

func TestOpenSecretNamesThePathOnly(t *testing.T) {
	for _, path := range []string{"testdata/secrets/gone", "testdata/secrets/empty", "testdata/secrets/two.lines", "testdata"} {
		_, err := OpenSecret(path)
		if err == nil || !strings.Contains(err.Error(), path) || strings.Contains(err.Error(), "two\n") {
			t.Errorf("%s: %v", path, err)
		}
	}
}
