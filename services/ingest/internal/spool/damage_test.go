package spool

import (
	"bytes"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestTornTail: of a file that was cut off anywhere, or in which bytes changed, either every acknowledged event is read, or the start
// is refused, names the file and leaves it as it is.
func TestTornTail(t *testing.T) {
	r := newRig(t)
	want := ids("a", 300)
	if err := r.store.putAll(want); err != nil {
		t.Fatal(err)
	}
	r.put("last")
	want = append(want, "last")
	r.close()
	path := filepath.Join(r.o.Dir, recordsFile)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	refused := 0
	open := func(what string, at int, file []byte) {
		t.Helper()
		if err := os.WriteFile(path, file, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := r.try(); err != nil {
			refused++
			now, readErr := os.ReadFile(path)
			if !strings.Contains(err.Error(), "run: mv "+path) || readErr != nil || !bytes.Equal(now, file) || strings.Contains(err.Error(), "jane@") || strings.Contains(err.Error(), "timeout") {
				t.Errorf("%s at %d: %v %v", what, at, err, readErr)
			}
			return
		}
		got := r.contents(queued)
		if head := what == "changed" && at < 2*os.Getpagesize(); head && slices.Equal(got, want[:len(want)-1]) {
			got = want // of the file's two heads the other is taken, which lacks the last write
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s at %d: %d events, %d were acknowledged", what, at, len(got), len(want))
		}
		r.close()
	}
	cuts := []int{0, 1, 100, 4095, 4096, 8192, 12288, len(whole) - 1, len(whole) - 4096, len(whole) / 2}
	for range 20 {
		cuts = append(cuts, rand.IntN(len(whole)))
	}
	for _, at := range cuts {
		open("cut off", at, whole[:at])
	}
	if refused < 4 {
		t.Errorf("only %d cuts were refused", refused)
	}
	refused = 0
	for range 100 {
		at, file := rand.IntN(len(whole)), bytes.Clone(whole)
		file[at] ^= byte(1 + rand.IntN(255))
		open("changed", at, file)
	}
	t.Logf("%d of 100 changes were refused", refused)
	text := bytes.Index(whole, []byte("jane@"))
	file := bytes.Clone(whole)
	file[text]++
	refused = 0
	open("changed", text, file)
	if refused != 1 {
		t.Error("a changed event was read")
	}
	open("mended", 0, whole)
}
