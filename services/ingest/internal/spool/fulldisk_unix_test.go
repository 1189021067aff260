//go:build unix

package spool

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"
)

const ownMarker = "OMNICAPI_TEST_OWN_PROCESS"

// ownProcess runs the test that calls it in a process of its own, and reports whether this is that process: what it limits would
// else fail in files of others.
func ownProcess(t *testing.T) bool {
	t.Helper()
	if os.Getenv(ownMarker) == t.Name() {
		return true
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$", "-test.count=1", "-test.v")
	cmd.Env = append(os.Environ(), ownMarker+"="+t.Name())
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "--- PASS: "+t.Name()+" ") {
		t.Errorf("in a process of its own: %v\n%s", err, out)
	}
	return false
}

// limitFiles makes writes fail that would make a file longer: a full disk that needs no privileges.
func limitFiles(t *testing.T, bytes uint64) (lift func()) {
	t.Helper()
	var old syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &old); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: bytes, Max: old.Max}); err != nil {
		t.Fatal(err)
	}
	return func() {
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &old); err != nil {
			t.Error(err)
		}
	}
}

// TestFullDisk: what the disk does not take is not acknowledged; what is there is drained all the same; it goes on by itself when
// there is room, and nothing acknowledged is lost, over a restart too.
func TestFullDisk(t *testing.T) {
	if !ownProcess(t) {
		return
	}
	r := newRig(t)
	var acked []string
	fill := func(prefix string) error {
		for i := range 1000 {
			rec := event("p.events.website", fmt.Sprint(prefix, i))
			rec.Value = append(rec.Value, make([]byte, 20_000)...)
			if err := r.Put(t.Context(), rec); err != nil {
				return err
			}
			acked = append(acked, fmt.Sprint(prefix, i))
		}
		return nil
	}
	lift := limitFiles(t, 1<<20)
	if err := fill("a"); err == nil || len(acked) == 0 {
		t.Fatalf("%d were taken on a full disk: %v", len(acked), err)
	}
	if r.Err() == nil || r.metric("refused_total", "disk") == 0 || r.log.with("reason=disk") != 1 {
		t.Errorf("%v\n%s", r.Err(), r.log)
	}
	if got := r.contents(queued); !slices.Equal(got, acked) {
		t.Errorf("%d events, %d acknowledged", len(got), len(acked))
	}
	r.close()
	r.open() // still full
	if got := r.contents(queued); !slices.Equal(got, acked) {
		t.Errorf("%d events after a restart, %d acknowledged", len(got), len(acked))
	}
	k := &kafka{cluster: "one"}
	stop := r.drainOn(k)
	r.await("drained", func() bool { return r.metric("events") == 0 })
	if !slices.Equal(k.ids(""), acked) {
		t.Errorf("%d events on Kafka, %d acknowledged", k.count(), len(acked))
	}
	stop()
	r.await("it takes events again", func() bool { return r.Put(t.Context(), event("p.events.website", "again")) == nil })
	acked = []string{"again"}
	if err := fill("b"); err == nil {
		t.Fatal("taken on a full disk")
	}
	lift()
	r.await("it notices by itself", func() bool { return r.Err() == nil })
	r.await("it goes on", func() bool { return r.Put(t.Context(), event("p.events.website", "after")) == nil })
	acked = append(acked, "after")
	if r.Err() != nil {
		t.Error(r.Err())
	}
	r.close()
	r.open()
	if got := r.contents(queued); !slices.Equal(got, acked) {
		t.Errorf("%d events in the end, %d acknowledged", len(got), len(acked))
	}
}

// TestKill9: what was acknowledged before a process was killed in the middle of its writes is there after it.
func TestKill9(t *testing.T) {
	const marker = "OMNICAPI_TEST_SPOOL"
	if dir := os.Getenv(marker); dir != "" {
		r := newRig(t, func(o *Options) { o.Dir = dir })
		for c := range 4 {
			go func() {
				for i := 0; ; i++ {
					id := fmt.Sprintf("%d-%d", c, i)
					if err := r.Put(t.Context(), event("p.events.website", id)); err == nil {
						fmt.Println("acked", id)
					}
				}
			}()
		}
		select {}
	}
	dir := t.TempDir() + "/spool"
	acked := map[string]bool{}
	for round := range 3 {
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestKill9$")
		cmd.Env = append(os.Environ(), marker+"="+dir)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		n := 0
		for lines := bufio.NewScanner(out); lines.Scan(); {
			if id, ok := strings.CutPrefix(lines.Text(), "acked "); ok {
				acked[fmt.Sprint(round, id)] = true
				if n++; n == 40 {
					if err := cmd.Process.Kill(); err != nil {
						t.Fatal(err)
					}
				}
			}
		}
		_ = cmd.Wait() // it was killed
		r := newRig(t, func(o *Options) { o.Dir = dir })
		there := map[string]int{}
		for _, id := range r.contents(queued) {
			there[id]++
		}
		for id := range acked {
			if there[id[1:]] == 0 {
				t.Errorf("%s was acknowledged, and is gone", id)
			}
		}
		r.close()
	}
	if len(acked) < 100 {
		t.Errorf("only %d were acknowledged", len(acked))
	}
}
