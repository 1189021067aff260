package e2e

import (
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
	"unsafe"
)

// limitFiles makes writes of a process fail that would make a file longer; the largest number lifts it.
func (p *process) limitFiles(bytes uint64) {
	p.t.Helper()
	limit := syscall.Rlimit{Cur: bytes, Max: math.MaxUint64}
	_, _, errno := syscall.RawSyscall6(syscall.SYS_PRLIMIT64, uintptr(p.cmd.Process.Pid), syscall.RLIMIT_FSIZE,
		uintptr(unsafe.Pointer(&limit)), 0, 0, 0)
	if errno != 0 {
		p.t.Fatal(errno)
	}
}

// TestUpOnAFullDisk (F64): while the data folder's disk is full, `up` answers 503, all its /readyz name the disk, and it goes
// on by itself when there is room; everything acknowledged before, during and after has a fate, over kill -9 on the full disk.
// The disk is a limit on the process's files, and a small tmpfs where the test may mount one.
func TestUpOnAFullDisk(t *testing.T) {
	t.Parallel()
	t.Run("limit", func(t *testing.T) {
		t.Parallel()
		u := newUp(t)
		u.fullDisk(func() { u.process.limitFiles(150 << 10) }, func() { u.process.limitFiles(math.MaxUint64) })
	})
	t.Run("tmpfs", func(t *testing.T) {
		t.Parallel()
		u := newUp(t)
		data := filepath.Join(u.dir, "data")
		if err := os.Mkdir(data, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := syscall.Mount("tmpfs", data, "tmpfs", 0, "size=8m"); err != nil {
			t.Logf("only the limit is tested, since no tmpfs can be mounted: %v", err)
			return
		}
		t.Cleanup(func() { _ = syscall.Unmount(data, syscall.MNT_DETACH) })
		filler := filepath.Join(data, "filler")
		u.fullDisk(func() { fillDisk(t, filler) }, func() {
			if err := os.Remove(filler); err != nil {
				t.Fatal(err)
			}
		})
	})
}

// fillDisk writes a file until nothing more goes on its disk.
func fillDisk(t *testing.T, path string) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for size := 64 << 10; size > 0; {
		if _, err := f.Write(make([]byte, size)); err != nil {
			size /= 2
		}
	}
}

func (u *up) fullDisk(fill, lift func()) {
	t := u.t
	u.start()
	l := u.startLoad("load", 4, 5)
	eventually(t, time.Minute, "first events", func() (bool, string) { return l.count() > 100, strconv.Itoa(l.count()) })
	fill()
	for name, addr := range map[string]string{"ingest": u.ingestAdmin, "normalizer": u.normalizerAdmin, "forwarder": u.forwarderAdmin} {
		eventually(t, time.Minute, name+"'s /readyz names the disk", func() (bool, string) {
			status, body := get(t, "http://"+addr+"/readyz")
			return status == 503 && strings.Contains(body, `"disk":"the disk of the data folder `) && strings.Contains(body, filepath.Join(u.dir, "data")), body
		})
	}
	if status, answer := u.postGraph(shopID, purchase("refused")); status != 503 {
		t.Errorf("on a full disk: %d %s", status, answer)
	}
	acked := l.end()
	u.process.waitSays("the disk takes no writes")
	if n := strings.Count(u.process.log.text(), "the disk takes no writes"); n != 1 {
		t.Errorf("%d lines say that the disk takes no writes", n)
	}
	lift()
	u.waitReady()
	events, ids := numbered(t, "between", 20)
	u.take(shopID, events...)
	acked = append(acked, ids...)
	fill()
	l = u.startLoad("again", 4, 5)
	eventually(t, time.Minute, "full again", func() (bool, string) {
		status, body := get(t, "http://"+u.ingestAdmin+"/readyz")
		return status == 503 && strings.Contains(body, `"disk":"the`), body
	})
	acked = append(acked, l.end()...)
	u.process.kill()
	lift2 := lift
	if _, err := os.Stat(filepath.Join(u.dir, "data", "filler")); err != nil {
		lift2 = func() {} // the limit went with the process
	}
	lift2()
	u.start()
	u.connect() // now: another's port may be its broker's by now
	t.Logf("%d events were acknowledged", len(acked))
	u.waitFates(2*time.Minute, acked)
}

// TestUpRefusesAFolder (F65): a data folder that up can't use is named with the flag, and so is what to do.
func TestUpRefusesAFolder(t *testing.T) {
	t.Parallel()
	u := newUp(t)
	file := u.write("file", "")
	for _, data := range []string{file, filepath.Join(file, "below"), "/proc/data"} {
		_, errs, code := run(t, time.Minute, "omnicapi", "up", "-c", u.config, "--data", data)
		if code != 1 || !strings.Contains(errs, data) || !strings.Contains(errs, "--data") || !strings.Contains(errs, "can't be written") {
			t.Errorf("%s: exit %d\n%s", data, code, errs)
		}
	}
	u.start()
	u.process.stop(20 * time.Second)
	list := filepath.Join(u.dir, "data", "kafka", "topics.json")
	if err := os.Rename(list, list+".away"); err != nil {
		t.Fatal(err)
	}
	_, errs, code := run(t, time.Minute, "omnicapi", "up", "-c", u.config)
	if code != 1 || !strings.Contains(errs, list) || !strings.Contains(errs, "put it back") || !strings.Contains(errs, "--data") {
		t.Errorf("without the list of topics: exit %d\n%s", code, errs)
	}
	if err := os.Rename(list+".away", list); err != nil {
		t.Fatal(err)
	}
	u.start()
}
