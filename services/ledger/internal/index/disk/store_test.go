package disk

import (
	"errors"
	"io/fs"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/leaktest"
	"github.com/omnicapi/omnicapi/services/ledger/internal/index"
	"github.com/omnicapi/omnicapi/services/ledger/internal/index/indextest"
)

func TestMain(m *testing.M) { leaktest.Main(m) }

func open(t *testing.T, o Options) *Store {
	t.Helper()
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	s, err := Open(o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestStore runs the suite in a memory that forgets at a crash what was not synced, some of it or all: a kill forgets less.
func TestStore(t *testing.T) {
	t.Parallel()
	var seed uint64
	var on func(t *testing.T, mem *vfs.MemFS) indextest.Opened
	on = func(t *testing.T, mem *vfs.MemFS) indextest.Opened {
		if err := mem.MkdirAll("/ledger", 0o700); err != nil {
			t.Fatal(err)
		}
		s := open(t, Options{Dir: "/ledger", fs: mem, free: func() (uint64, error) { return 1 << 40, nil }})
		closed := false
		stop := func() {
			if !closed {
				closed = true
				if err := s.Close(); err != nil {
					t.Error(err)
				}
			}
		}
		t.Cleanup(stop)
		return indextest.Opened{Store: s, Crash: func() indextest.Opened {
			seed++
			left := mem.CrashClone(vfs.CrashCloneCfg{UnsyncedDataPercent: int(seed%3) * 50, RNG: rand.New(rand.NewPCG(seed, 5))})
			stop()
			return on(t, left)
		}}
	}
	indextest.Run(t, func(t *testing.T) indextest.Opened { return on(t, vfs.NewCrashableMem()) })
}

func one(offset int64, id string) []index.Record {
	return []index.Record{{Place: index.Place{Offset: offset, Time: indextest.Start}, Outcome: &event.Outcome{
		BatchID: "b", Stage: fault.Forwarder, EndedAt: indextest.Start,
		Events: []event.EventFate{{ID: id, Fate: fault.Delivered, Topic: "t", Offset: offset}},
	}}}
}

// TestFolder: the folder and its files are this user's alone; one that others may use is refused, and one that another ledger has.
func TestFolder(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "ledger")
	s := open(t, Options{Dir: dir, Reserve: 1})
	if err := s.Apply(one(0, "a")); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(Options{Dir: dir, Log: slog.New(slog.DiscardHandler)}); err == nil || !strings.Contains(err.Error(), "in use") {
		t.Errorf("two ledgers: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	files := 0
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		files++
		if err == nil && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s: %v", path, info.Mode())
		}
		return err
	})
	if err != nil || files < 4 {
		t.Errorf("%d files, %v", files, err)
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(Options{Dir: dir, Log: slog.New(slog.DiscardHandler)}); err == nil || !strings.Contains(err.Error(), "chmod 700") {
		t.Errorf("an open folder: %v", err)
	}
}

// TestLayout: a store of another layout is removed and built anew, and the log says so.
func TestLayout(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	other := filepath.Join(dir, indexPrefix+"0")
	if err := os.Mkdir(other, 0o700); err != nil {
		t.Fatal(err)
	}
	var log strings.Builder
	s := open(t, Options{Dir: dir, Log: slog.New(slog.NewTextHandler(&log, nil))})
	defer s.Close()
	if _, err := os.Stat(other); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(log.String(), "another layout") {
		t.Errorf("%v, log %s", err, log.String())
	}
}

// TestDamage: a store that cannot be read is built anew at the next start, and says so until then.
func TestDamage(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "ledger")
	s := open(t, Options{Dir: dir, Reserve: 1})
	if err := s.Apply(one(0, "a")); err != nil {
		t.Fatal(err)
	}
	at := address{day: dayOf(indextest.Start)}
	if err := s.db.Set(at.recordKey(), []byte("no outcome"), nil); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Event("a"); !errors.Is(err, index.ErrDamaged) {
		t.Errorf("reading: %v", err)
	}
	if err := s.Apply(one(1, "b")); !errors.Is(err, index.ErrDamaged) {
		t.Errorf("applying: %v", err)
	}
	if err := s.Err(); !errors.Is(err, index.ErrDamaged) {
		t.Errorf("error: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for _, damage := range []func(){
		func() {}, // the mark that was left
		func() { // a file that was cut off, without a mark
			files, _ := filepath.Glob(filepath.Join(dir, layout, "MANIFEST-*"))
			for _, f := range files {
				if err := os.WriteFile(f, []byte("nothing that was written"), 0o600); err != nil {
					t.Fatal(err)
				}
			}
		},
		func() { // one that is missing
			files, _ := filepath.Glob(filepath.Join(dir, layout, "*.sst"))
			for _, f := range files {
				if err := os.Remove(f); err != nil {
					t.Fatal(err)
				}
			}
		},
	} {
		damage()
		var log strings.Builder
		s = open(t, Options{Dir: dir, Reserve: 1, Log: slog.New(slog.NewTextHandler(&log, nil))})
		if n := len(s.State(index.Outcomes).Next); n != 0 || !strings.Contains(log.String(), "damaged") {
			t.Errorf("read on from %d partitions; log %s", n, log.String())
		}
		if err := s.Apply(one(0, "a")); err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// TestFull: where there is no room, nothing is added and it is said; when there is room, it goes on.
func TestFull(t *testing.T) {
	t.Parallel()
	free := uint64(100)
	s := open(t, Options{Dir: filepath.Join(t.TempDir(), "ledger"), Reserve: 200, free: func() (uint64, error) { return free, nil }})
	defer s.Close()
	if err := s.Apply(one(0, "a")); !errors.Is(err, index.ErrFull) || !errors.Is(s.Err(), index.ErrFull) {
		t.Errorf("%v, %v", err, s.Err())
	}
	if n := s.State(index.Outcomes).Next[0]; n != 0 {
		t.Errorf("next is %d", n)
	}
	free = 300
	if err := s.Apply(one(0, "a")); err != nil || s.Err() != nil {
		t.Errorf("%v, %v", err, s.Err())
	}
	if found, err := s.Event("a"); err != nil || len(found.Fates) != 1 {
		t.Errorf("%+v, %v", found, err)
	}
}

// TestRanges: the spans of any minutes of a day are those minutes, each once.
func TestRanges(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(1, 6))
	for i := range 500 {
		from := rng.Int64N(day + 1)
		to := from + rng.Int64N(day+1-from)
		if i == 0 {
			from, to = 0, day
		}
		at := from
		for _, s := range ranges(from, to, i%2 == 1) {
			if s.from != at || s.to <= s.from || s.from%levels[s.level] != 0 || s.to%levels[s.level] != 0 || i%2 == 1 && s.level == levelDay {
				t.Fatalf("%d to %d: %+v", from, to, s)
			}
			at = s.to
		}
		if at != to {
			t.Fatalf("%d to %d: ends at %d", from, to, at)
		}
	}
	if got := ranges(0, day, false); len(got) != 1 || got[0].level != levelDay {
		t.Errorf("a day is %+v", got)
	}
}
