package spool

import (
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"unsafe"
)

// dirtyPages is how many pages of a file the kernel holds that its disk does not have (cachestat, Linux 6.5).
func dirtyPages(t *testing.T, path string) (dirty uint64, known bool) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	const cachestat = 451
	var all struct{ offset, length uint64 }
	var is struct{ cached, dirty, writeback, evicted, recentlyEvicted uint64 }
	_, _, errno := syscall.Syscall6(cachestat, f.Fd(), uintptr(unsafe.Pointer(&all)), uintptr(unsafe.Pointer(&is)), 0, 0, 0)
	if errno != 0 {
		t.Logf("the kernel does not say which pages are written: %v", errno)
		return 0, false
	}
	return is.dirty + is.writeback, true
}

// TestAcknowledgedMeansOnTheDisk: when Put returns, no page of the file waits to be written, and the file would not leave that to the
// kernel.
func TestAcknowledgedMeansOnTheDisk(t *testing.T) {
	r := newRig(t)
	path := filepath.Join(r.o.Dir, recordsFile)
	for i := range 20 {
		r.put(fmt.Sprint("a", i))
		if r.store.db.NoSync {
			t.Fatal("commits are not synced")
		}
		if n, known := dirtyPages(t, path); known && n > 0 {
			t.Fatalf("%d pages are not on the disk, and the event is acknowledged", n)
		}
	}
	k := &kafka{cluster: "one"}
	stop := r.drainOn(k)
	r.await("drained", func() bool { return r.metric("events") == 0 })
	stop() // it writes too
	r.put("in the new file")
	if n, known := dirtyPages(t, path); known && n > 0 {
		t.Errorf("%d pages of the new file are not on the disk", n)
	}
}
