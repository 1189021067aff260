//go:build unix

package broker

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/twmb/franz-go/pkg/kerr"
)

// ownProcess runs the test that calls it in a process of its own, and reports whether this is that process: what it limits would
// else fail in files of others, such as the test's own log.
func ownProcess(t *testing.T) bool {
	t.Helper()
	const marker = "OMNICAPI_TEST_OWN_PROCESS"
	if os.Getenv(marker) == t.Name() {
		return true
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$", "-test.count=1", "-test.v")
	cmd.Env = append(os.Environ(), marker+"="+t.Name())
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "--- PASS: "+t.Name()+" ") {
		t.Errorf("in a process of its own: %v\n%s", err, out)
	}
	return false
}

// limitFiles makes writes fail that would make a file longer, for this process (see ownProcess), until the function that it returns is called: a
// full disk that needs no privileges. The last write before fails in its middle, as on a disk.
func limitFiles(t *testing.T, bytes uint64) (lift func()) {
	t.Helper()
	var old syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &old); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: bytes, Max: old.Max}); err != nil {
		t.Fatal(err)
	}
	lift = func() {
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &old); err != nil {
			t.Error(err)
		}
	}
	t.Cleanup(lift)
	return lift
}

// fillAndGoOn fills the disk under load, checks what the broker says, makes room, and reads everything after a restart.
func fillAndGoOn(t *testing.T, r *rig, fill func() (lift func())) {
	t.Helper()
	if code := r.create("events"); code != 0 {
		t.Fatalf("creating the topic: %d", code)
	}
	l := r.load("events", 2000)
	eventually(t, "first records", func() bool { return l.count() > 20 })
	lift := fill()
	eventually(t, "the disk is full", func() bool { return r.Err() != nil })
	if err := r.put("events", "refused"); !errors.Is(err, kerr.KafkaStorageError) {
		t.Errorf("producing on a full disk: %v", err)
	}
	if text := r.Err().Error(); !strings.Contains(text, r.dir) || !full(r.Err()) {
		t.Errorf("Err: %s", text)
	}
	for _, what := range []struct {
		name string
		code int16
	}{{"create", r.create("other")}, {"commit", r.commit("events", 1)}, {"producer id", r.producerID()}} {
		if what.code != kerr.KafkaStorageError.Code {
			t.Errorf("%s on a full disk: %d", what.name, what.code)
		}
	}
	if _, err := r.end("events"); err != nil {
		t.Errorf("reading ended: %v", err)
	}
	if n := r.log.lines("level=ERROR"); n != 1 {
		t.Errorf("%d errors in the log", n)
	}
	eventually(t, "repetitions", func() bool { return l.repeated.Load() > 20 })
	before, repeated := l.count(), l.repeated.Load()
	eventually(t, "more of them", func() bool { return l.repeated.Load() > repeated+30 })
	if n := l.count(); n != before {
		t.Errorf("%d records were accepted on a full disk", n-before)
	}
	lift()
	eventually(t, "it goes on", func() bool { return r.Err() == nil && l.count() > before+20 })
	if n := r.log.lines("writing goes on"); n != 1 {
		t.Errorf("%d lines say that it goes on", n)
	}
	if code := r.commit("events", 7); code != 0 {
		t.Errorf("committing again: %d", code)
	}
	l.end()
	r.mustHold("events", l.acked)
	r.stop()
	r.start()
	r.mustHold("events", l.acked)
	if at := r.committed("events"); at != 7 {
		t.Errorf("committed offset %d", at)
	}
}

// TestFullDisk (F64): a write that did not reach the disk is an error to the producer, and nothing acknowledged is lost.
func TestFullDisk(t *testing.T) {
	if !ownProcess(t) {
		return
	}
	r := newRig(t, filepath.Join(t.TempDir(), "data"))
	fillAndGoOn(t, r, func() func() { return limitFiles(t, 200<<10) })
}

// TestFullDiskEndsWithTheProcess (F64): the same when the process ends while the disk is full.
func TestFullDiskEndsWithTheProcess(t *testing.T) {
	if !ownProcess(t) {
		return
	}
	r := newRig(t, filepath.Join(t.TempDir(), "data"))
	r.create("events")
	l := r.load("events", 2000)
	eventually(t, "first records", func() bool { return l.count() > 20 })
	lift := limitFiles(t, 100<<10)
	eventually(t, "the disk is full", func() bool { return r.Err() != nil })
	l.end()
	r.stop()
	r.start() // still full: it runs, and says so
	if r.Err() == nil {
		t.Error("a start on a full disk takes writes")
	}
	r.mustHold("events", l.acked)
	if err := r.put("events", "late"); err == nil {
		t.Error("a record was accepted on a full disk")
	}
	lift()
	eventually(t, "it goes on", func() bool { return r.Err() == nil })
	r.mustHold("events", l.acked)
	if err := r.put("events", "late"); err != nil {
		t.Error(err)
	}
	r.mustHold("events", map[string]bool{"late": true})
}

// TestNewFolderOnAFullDisk: with nothing to lose, it does not start, and says where there is no room.
func TestNewFolderOnAFullDisk(t *testing.T) {
	if !ownProcess(t) {
		return
	}
	r := &rig{t: t, dir: filepath.Join(t.TempDir(), "data"), log: &heard{}}
	limitFiles(t, 1<<10)
	if err := r.try(); !errors.Is(err, ErrUnwritable) || !strings.Contains(err.Error(), r.dir) || !full(err) {
		t.Errorf("started: %v", err)
	}
}

// TestFailedSync (F64): what the disk itself refuses is not acknowledged, though the operating system took it.
func TestFailedSync(t *testing.T) {
	r := newRig(t, filepath.Join(t.TempDir(), "data"))
	r.create("events")
	if err := r.put("events", "before"); err != nil {
		t.Fatal(err)
	}
	r.breakSync(func(string) error { return errInjected })
	if err := r.put("events", "during"); err == nil {
		t.Error("acknowledged without the disk")
	}
	if err := r.Err(); !errors.Is(err, errInjected) {
		t.Errorf("Err: %v", err)
	}
	if err := r.put("events", "refused"); !errors.Is(err, kerr.KafkaStorageError) { // said in as many words
		t.Errorf("while the disk takes no writes: %v", err)
	}
	r.breakSync(fsync)
	eventually(t, "it goes on", func() bool { return r.Err() == nil })
	if err := r.put("events", "after"); err != nil {
		t.Fatal(err)
	}
	r.mustHold("events", map[string]bool{"before": true, "after": true})
	if n := r.read("events")["refused"]; n != 0 { // it is the sender's to repeat: each copy here would be one too many
		t.Error("what is refused is written all the same")
	}
}

// TestOffsetsAndTopicsReachTheDisk (F64): commits and topics, too, are acknowledged only once they are on the disk.
func TestOffsetsAndTopicsReachTheDisk(t *testing.T) {
	r := newRig(t, filepath.Join(t.TempDir(), "data"))
	r.create("events")
	for name, try := range map[string]func() int16{
		"groups.log":      func() int16 { return r.commit("events", 5) },
		"topics.json.tmp": func() int16 { return r.create("new") },
		"pids.log":        r.producerID,
	} {
		path := filepath.Join(r.disk.kafka(), name) // a folder in its place can't be written, not even by root
		_ = os.Rename(path, path+".kept")           // it may not be there
		if err := os.Mkdir(path, 0o700); err != nil {
			t.Fatal(err)
		}
		if code := try(); code == 0 {
			t.Errorf("%s: acknowledged", name)
		}
		if err := r.Err(); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: Err: %v", name, err)
		}
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		_ = os.Rename(path+".kept", path)
		eventually(t, name+" goes on", func() bool { return r.Err() == nil })
		if code := try(); code != 0 && code != kerr.TopicAlreadyExists.Code {
			t.Errorf("%s, again: %d", name, code)
		}
	}
	r.stop()
	r.start()
	if at := r.committed("events"); at != 5 {
		t.Errorf("committed offset %d", at)
	}
	if code := r.create("new"); code != kerr.TopicAlreadyExists.Code {
		t.Errorf("the topic is gone: %d", code)
	}
}

// TestFolderTakenAway: a folder that was removed under the broker is noticed, also by one that nobody writes to.
func TestFolderTakenAway(t *testing.T) {
	r := newRig(t, filepath.Join(t.TempDir(), "data"))
	r.create("events")
	if err := r.put("events", "before"); err != nil {
		t.Fatal(err)
	}
	away := r.dir + ".away"
	if err := os.Rename(r.dir, away); err != nil {
		t.Fatal(err)
	}
	if err := r.put("events", "lost"); err == nil {
		t.Error("acknowledged into a folder that is gone")
	}
	eventually(t, "it is noticed", func() bool { return errors.Is(r.Err(), os.ErrNotExist) })
	if err := os.Rename(away, r.dir); err != nil {
		t.Fatal(err)
	}
	eventually(t, "it goes on", func() bool { return r.Err() == nil })
	if err := r.put("events", "after"); err != nil {
		t.Fatal(err)
	}
	r.mustHold("events", map[string]bool{"before": true, "after": true})
}
