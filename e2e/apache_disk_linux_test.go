package e2e

import (
	"fmt"
	"net/http"
	"os"
	"strconv"
	"syscall"
	"testing"
	"time"
)

// TestKafkaOnAFullDisk (F64): Apache Kafka ends when its disk is full. Senders get 503, and with room and a new start nothing that was
// acknowledged is lost.
func TestKafkaOnAFullDisk(t *testing.T) {
	disk := t.TempDir()
	if os.Getenv(toolEnv) != "" {
		if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size=48m"); err != nil {
			t.Logf("not tested: no tmpfs can be mounted here: %v", err)
			return
		}
		t.Cleanup(func() { _ = syscall.Unmount(disk, syscall.MNT_DETACH) })
	}
	a := newApache(t, 1, disk, "offsets.topic.num.partitions=1")
	s := newStackOn(t, a.addrs, "")
	l := s.startLoad("full", 4, 5)
	l.waitMore(t, 200)
	filler := disk + "/filler"
	fillDisk(t, filler)
	eventually(t, time.Minute, "ingest says 503", func() (bool, string) {
		status, answer := s.postGraph(shopID, purchase("refused"))
		return status == http.StatusServiceUnavailable, fmt.Sprint(status, " ", answer)
	})
	s.waitNamed("reaching kafka at")
	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	a.restart(1)
	before := l.count()
	eventually(t, time.Minute, "events are taken", func() (bool, string) { return l.count() > before+100, strconv.Itoa(l.count()) })
	s.waitReady()
	s.nothingLost(l.end())
}
