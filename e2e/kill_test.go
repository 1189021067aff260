package e2e

import (
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"testing"
	"time"
)

// posts are events of one sender, posted until it is stopped, and the ids of those that were acknowledged. Package load has
// senders of several formats that repeat what is refused.
type posts struct {
	sync.Mutex
	acked []string
	sent  int
	stop  chan struct{}
	done  sync.WaitGroup
}

func (s *stack) startLoad(prefix string, callers, batch int) *posts {
	l := &posts{stop: make(chan struct{})}
	for c := range callers {
		l.done.Go(func() {
			for n := 0; ; n++ {
				select {
				case <-l.stop:
					return
				default:
				}
				var events []map[string]any
				var ids []string
				for i := range batch {
					id := fmt.Sprintf("%s-%d-%d-%d", prefix, c, n, i)
					events, ids = append(events, purchase(id)), append(ids, id)
				}
				status, _ := s.postGraph(shopID, events...)
				l.Lock()
				l.sent += len(ids)
				if status == http.StatusOK {
					l.acked = append(l.acked, ids...)
				}
				l.Unlock()
			}
		})
	}
	return l
}

func (l *posts) count() int {
	l.Lock()
	defer l.Unlock()
	return len(l.acked)
}

// waitMore waits until n more events are acknowledged, which shows that the pipeline accepts events now.
func (l *posts) waitMore(t *testing.T, n int) {
	t.Helper()
	from := l.count()
	eventually(t, time.Minute, fmt.Sprint(n, " more acknowledged events"), func() (bool, string) {
		return l.count() >= from+n, strconv.Itoa(l.count() - from)
	})
}

func (l *posts) end() []string {
	close(l.stop)
	l.done.Wait()
	return l.acked
}

// TestKillAnyProcess kills each process under load with SIGKILL and starts it again: every acknowledged event ends
// delivered, dead or dropped.
func TestKillAnyProcess(t *testing.T) {
	t.Parallel()
	s := newStack(t, "")
	l := s.startLoad("kill", 4, 5)
	l.waitMore(t, 200)
	for _, p := range []*process{s.forwarder, s.normalizer, s.ingest, s.sandbox, s.forwarder} {
		p.kill()
		p.start()
		l.waitMore(t, 200)
	}
	acked := l.end()
	if len(acked) < 1200 {
		t.Fatalf("only %d events were acknowledged: the test shows nothing", len(acked))
	}
	s.waitReady()
	fates := s.waitFates(3*time.Minute, acked)
	t.Logf("%d acknowledged of %d sent, %d with a fate", len(acked), l.sent, len(fates))
	for _, id := range acked {
		for _, f := range fates[id] {
			if f.fate == "dead" {
				t.Errorf("%s: %s", id, f)
			}
		}
	}
}
