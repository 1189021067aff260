package config

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// lockedBuffer is a log that one goroutine writes and another reads.
type lockedBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

// take returns what was written since the last call.
func (b *lockedBuffer) take() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	defer b.text.Reset()
	return b.text.String()
}

// TestWatchSecrets: a file that vanishes, or is emptied, is said once, and once when it is back; its content never.
func TestWatchSecrets(t *testing.T) {
	dir := t.TempDir()
	token, steady := filepath.Join(dir, "token"), filepath.Join(dir, "steady")
	put := func(file, text string) {
		t.Helper()
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	put(token, "EAAsecret")
	put(steady, "steady")
	synctest.Test(t, func(t *testing.T) {
		var log lockedBuffer
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error, 1)
		var unusable atomic.Int64
		count := func(n int) { unusable.Store(int64(n)) }
		go func() {
			done <- WatchSecrets(slog.New(slog.NewTextHandler(&log, nil)), []string{token, steady}, KeepsSecret, count)(ctx)
		}()
		lines := func(want int, word string) {
			t.Helper()
			<-time.After(10 * watchEvery)
			synctest.Wait()
			said := log.take()
			if strings.Count(said, "\n") != want || want > 0 && !strings.Contains(said, word) || strings.Contains(said, "steady") || strings.Contains(said, "EAA") {
				t.Errorf("said %q, want %d lines with %q", said, want, word)
			}
		}
		lines(0, "")
		if err := os.Remove(token); err != nil {
			t.Fatal(err)
		}
		lines(1, "cannot be used")
		if n := unusable.Load(); n != 1 {
			t.Errorf("%d cannot be used", n)
		}
		put(token, "EAAsecret")
		lines(1, "can be used again")
		if n := unusable.Load(); n != 0 {
			t.Errorf("%d cannot be used, though all can", n)
		}
		put(token, "\n")
		lines(1, "is empty")
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

// TestSecretFiles: each process watches its own files.
func TestSecretFiles(t *testing.T) {
	c := Default()
	c.Kafka.SASL.PasswordFile = "kafka"
	c.Datasets = map[string]Dataset{"a": {TokenFile: "token", AppSecretFile: "app"}, "b": {TokenFile: "token"}}
	c.Sources = map[string]Source{"s": {Secrets: []string{"one", "two"}, VerifyTokenFile: "verify"}, "l": {Secrets: []string{"one"}, TokenFile: "page"}}
	for role, want := range map[Role][]string{
		RoleIngest: {"kafka", "one", "two", "verify"}, RoleNormalizer: {"kafka", "page"}, RoleForwarder: {"app", "kafka", "token"},
	} {
		if got := c.SecretFiles(role); !slices.Equal(got, want) {
			t.Errorf("%s watches %v, want %v", role, got, want)
		}
	}
}
