package auth

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/omnicapi/omnicapi/pkg/config"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
)

// fromFiles is one candidate, with the secrets of files.
func fromFiles(t *testing.T, paths ...string) []*Account {
	t.Helper()
	ring, err := openRing(paths, 0)
	if err != nil {
		t.Fatal(err)
	}
	return []*Account{source("s", func(s *Account) { s.Secrets, s.Verify = ring, ring })}
}

func writeFile(t *testing.T, path, text string) string {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestRotation: a secret file that changes on disk counts within 2 s, an emptied or broken one keeps the old for a minute, a
// deleted one opens nothing.
func TestRotation(t *testing.T) {
	dir := t.TempDir()
	file := writeFile(t, filepath.Join(dir, "first"), "old\n")
	second := writeFile(t, filepath.Join(dir, "second"), "steady")
	synctest.Test(t, func(t *testing.T) {
		list := fromFiles(t, file, second)
		accepted := func(secret string) bool {
			_, d := Find(list, receive.Claim{Secret: secret})
			if verified := list[0].Verifies(secret); verified != (d == Granted) {
				t.Errorf("%s: the endpoint's verification says %v", secret, verified)
			}
			return d == Granted
		}
		// At traffic: someone asks every 100 ms.
		within := func(d time.Duration) {
			for end := time.Now().Add(d); time.Now().Before(end); <-time.After(100 * time.Millisecond) {
				accepted("any")
			}
		}
		must := func(when string, want map[string]bool) {
			t.Helper()
			for secret, yes := range want {
				if accepted(secret) != yes {
					t.Errorf("%s: %q accepted is %v", when, secret, !yes)
				}
			}
		}
		must("at the start", map[string]bool{"old": true, "steady": true, "new": false})
		writeFile(t, file, "new\n")
		within(2 * time.Second)
		must("changed", map[string]bool{"new": true, "old": false, "steady": true})
		for name, text := range map[string]string{"emptied": "", "one newline": "\n", "two lines": "a\nb\n"} {
			writeFile(t, file, text)
			within(3 * time.Second)
			must(name, map[string]bool{"new": true, "old": false, "a": false, "": false, "steady": true})
		}
		within(time.Minute)
		must("broken for a minute", map[string]bool{"new": false, "steady": true, "": false})
		writeFile(t, file, "new")
		within(2 * time.Second)
		must("mended", map[string]bool{"new": true})
		if err := os.Remove(file); err != nil {
			t.Fatal(err)
		}
		within(3 * time.Second)
		must("removed", map[string]bool{"new": false, "steady": true, "": false, "Bearer ": false})
		writeFile(t, file, "newest")
		within(2 * time.Second)
		must("back", map[string]bool{"newest": true, "new": false})
		// Without traffic the first request after a long pause is told by the file, too.
		writeFile(t, file, "after")
		<-time.After(time.Hour)
		accepted("any") // the file is looked at; it was written just now by its own clock
		<-time.After(150 * time.Millisecond)
		must("after a pause", map[string]bool{"after": true, "newest": false})
	})
}

// TestProofSeesTheNewSecret: signatures are checked with what the file holds now, and with every secret of the ring.
func TestProofSeesTheNewSecret(t *testing.T) {
	file := writeFile(t, filepath.Join(t.TempDir(), "key"), "old")
	synctest.Test(t, func(t *testing.T) {
		list := fromFiles(t, file)
		if _, d := Find(list, receive.Claim{Proof: signedWith{"old", "s"}}); d != Granted {
			t.Fatal("the first secret proves nothing")
		}
		writeFile(t, file, "new")
		for range 20 {
			<-time.After(100 * time.Millisecond)
			Find(list, receive.Claim{Proof: signedWith{"any", "s"}})
		}
		for secret, want := range map[string]Decision{"new": Granted, "old": WrongSecret} {
			if _, d := Find(list, receive.Claim{Proof: signedWith{secret, "s"}}); d != want {
				t.Errorf("signed with the %s one: %d", secret, d)
			}
		}
	})
}

// TestVerifies: the endpoint's token is compared whole, and none is never one.
func TestVerifies(t *testing.T) {
	s := source("s", secrets("S"), func(s *Account) { s.Verify = NewRing(config.StaticSecret("V")) })
	for token, want := range map[string]bool{"V": true, "S": false, "": false, "VV": false} {
		if s.Verifies(token) != want {
			t.Errorf("%q: %v", token, !want)
		}
	}
	for name, ring := range map[string]*Ring{"no token": NewRing(), "an empty token": NewRing(config.StaticSecret(""))} {
		if source("none", func(s *Account) { s.Verify = ring }).Verifies("") {
			t.Errorf("%s: nothing verifies the endpoint", name)
		}
	}
}

// TestSecretsThatCannotBeRead: the error names the file and never what it holds.
func TestSecretsThatCannotBeRead(t *testing.T) {
	dir := t.TempDir()
	good := writeFile(t, filepath.Join(dir, "good"), "CANARY")
	for name, text := range map[string]string{"empty": "", "lines": "CANARY\nCANARY\n"} {
		bad := writeFile(t, filepath.Join(dir, name), text)
		if _, err := openRing([]string{good, bad}, 0); err == nil || !strings.Contains(err.Error(), bad) || strings.Contains(err.Error(), "CANARY") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := openRing([]string{filepath.Join(dir, "gone")}, 0); err == nil || !strings.Contains(err.Error(), "gone") {
		t.Errorf("a missing file: %v", err)
	}
	if ring, err := openRing(nil, 0); err != nil || !ring.Empty() || ring.holds(digestOf("")) {
		t.Errorf("no file: %v", err)
	}
}
