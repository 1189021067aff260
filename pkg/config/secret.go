package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"
)

const (
	redacted       = "[redacted]"
	maxSecretBytes = 64 << 10
	lookEvery      = time.Second            // how often Reveal looks at the file at most
	settledAfter   = 100 * time.Millisecond // a file written more recently may be half-written
)

// Secret is the content of a secret file: it prints as [redacted], is re-read within 2 s of a change, without the final
// newline. A file that is empty, missing, half-written or not one line keeps the old content, for ever or, if it was opened
// as revocable, for a while.
type Secret struct{ state *secretState }

type secretState struct {
	path string // "" for a static one

	mu        sync.Mutex
	text      string
	version   uint64
	nextLook  time.Time
	candidate string // what a file held that was just being written
	seenAt    time.Time

	revocable bool
	grace     time.Duration
	badSince  time.Time // zero: the file can be used
}

// badGrace is how long a revocable secret counts whose file is there and cannot be used, if no grace is configured: somebody
// is writing it, or has made a mistake.
const badGrace = time.Minute

// OpenRevocable is OpenSecret for what others present to us: once its file is deleted, or could not be used for the grace, the
// secret is "", which proves nothing. A grace of 0 is none for a deleted file, and a minute for one that cannot be used.
func OpenRevocable(path string, grace time.Duration) (*Secret, error) {
	s, err := OpenSecret(path)
	if err != nil {
		return nil, err
	}
	s.state.revocable, s.state.grace = true, grace
	return s, nil
}

// OpenSecret reads the file; it fails on a missing, empty or multi-line one, naming the path only.
func OpenSecret(path string) (*Secret, error) {
	text, _, err := readSecret(path)
	if err != nil {
		return nil, fmt.Errorf("reading the secret file %s: %w", path, err)
	}
	return &Secret{&secretState{path: path, text: text, version: 1, nextLook: time.Now().Add(lookEvery)}}, nil
}

// StaticSecret is a secret without a file (tests, demo).
func StaticSecret(text string) *Secret {
	return &Secret{&secretState{text: text, version: 1}}
}

// Reveal returns the content as of now (looks at the file at most once a second).
func (s *Secret) Reveal() string {
	text, _ := s.state.now()
	return text
}

// Version changes whenever the content does.
func (s *Secret) Version() uint64 {
	_, version := s.state.now()
	return version
}

func (s *secretState) now() (string, uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.path != "" {
		if now := time.Now(); !now.Before(s.nextLook) {
			s.nextLook = now.Add(s.look(now))
		}
	}
	return s.text, s.version
}

// look re-reads the file and says when to look again. The content of a file that changed within settledAfter counts only once
// it was read twice.
func (s *secretState) look(now time.Time) (again time.Duration) {
	text, changed, err := readSecret(s.path)
	if err != nil {
		s.candidate = ""
		return s.lacks(now, errors.Is(err, fs.ErrNotExist))
	}
	s.badSince = time.Time{}
	if text == s.text {
		s.candidate = ""
		return lookEvery
	}
	age := now.Sub(changed)
	settled := age >= settledAfter || text == s.candidate && now.Sub(s.seenAt) >= settledAfter
	if !settled {
		if text != s.candidate {
			s.candidate, s.seenAt = text, now
		}
		return settledAfter
	}
	s.text, s.candidate = text, ""
	s.version++
	return lookEvery
}

// lacks decides what counts while the file cannot be used; deleted: it is not there. It says when to look again.
func (s *secretState) lacks(now time.Time, deleted bool) (again time.Duration) {
	if !s.revocable || s.text == "" {
		return lookEvery
	}
	if s.badSince.IsZero() {
		s.badSince = now
	}
	grace := s.grace
	if grace == 0 && !deleted {
		grace = badGrace
	}
	// A file that is replaced is not there for a moment: its folder says when it went, and else it is looked at twice.
	if left := max(grace, settledAfter) - now.Sub(s.badSince); left > 0 && (grace > 0 || !s.leftLongAgo(now)) {
		return min(left, lookEvery)
	}
	s.text = ""
	s.version++
	return lookEvery
}

// leftLongAgo says whether nothing has been put into the file's folder, or taken out of it, just now.
func (s *secretState) leftLongAgo(now time.Time) bool {
	info, err := os.Stat(filepath.Dir(s.path))
	return err != nil || now.Sub(info.ModTime()) >= settledAfter
}

// Why a secret file cannot be used; none of them quotes its content.
var (
	errEmptySecret = errors.New("is empty")
	errLongSecret  = errors.New("is larger than 64 KiB")
	errManyLines   = errors.New("holds blanks, control characters or more than one line: it must be the secret alone")
)

func readSecret(path string) (text string, changed time.Time, err error) {
	f, err := os.Open(path)
	if err != nil {
		return "", time.Time{}, fileError(err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	info, err := f.Stat()
	if err != nil {
		return "", time.Time{}, fileError(err)
	}
	if !info.Mode().IsRegular() {
		return "", time.Time{}, errors.New("is no regular file")
	}
	data, err := io.ReadAll(io.LimitReader(f, maxSecretBytes+1))
	if err != nil {
		return "", time.Time{}, fileError(err)
	}
	if len(data) > maxSecretBytes {
		return "", time.Time{}, errLongSecret
	}
	text, err = trimSecret(data)
	return text, info.ModTime(), err
}

func trimSecret(data []byte) (string, error) {
	data = bytes.TrimPrefix(data, []byte("\ufeff")) // an editor's mark
	if n := len(data); n > 0 && data[n-1] == '\n' {
		data = data[:n-1]
		if n := len(data); n > 0 && data[n-1] == '\r' {
			data = data[:n-1]
		}
	}
	if len(data) == 0 {
		return "", errEmptySecret
	}
	for _, c := range data {
		if c <= ' ' || c == 0x7f {
			return "", errManyLines
		}
	}
	return string(data), nil
}

// fileError is err without the path, which the caller names.
func fileError(err error) error {
	var p *os.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

// String is [redacted].
func (s Secret) String() string { return redacted }

// GoString is [redacted].
func (s Secret) GoString() string { return redacted }

// Format prints [redacted] for every verb.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }

// MarshalText is [redacted], which JSON takes too.
func (s Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// LogValue is [redacted].
func (s Secret) LogValue() slog.Value { return slog.StringValue(redacted) }
