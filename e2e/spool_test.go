package e2e

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// beacon posts an event as a page does that waits for no answer and repeats nothing.
func (s *stack) beacon(id string) (status int) {
	s.t.Helper()
	status, _, _ = send(s.t, http.MethodPost, s.ingestURL+"/v1/website/collect", http.Header{
		"Origin": {"https://shop.example.com"}, "Content-Type": {"text/plain"}, "User-Agent": {"Mozilla/5.0"}, "X-Forwarded-For": {"203.0.113.9"},
		"Cookie": {"_fbp=fb.1.1795632862000.123456789"},
	}, `{"event_name":"Purchase","event_id":"`+id+`","event_source_url":"https://shop.example.com/thanks","custom_data":{"value":10.5,"currency":"USD"}}`)
	return status
}

// beacons posts n of them by four callers, and returns the ids of those that were taken.
func (s *stack) beacons(prefix string, n int) (acked []string) {
	s.t.Helper()
	var mu sync.Mutex
	var callers sync.WaitGroup
	for c := range 4 {
		callers.Go(func() {
			for i := range n / 4 {
				id := fmt.Sprintf("%s-%d-%d", prefix, c, i)
				if s.beacon(id) == http.StatusAccepted {
					mu.Lock()
					acked = append(acked, id)
					mu.Unlock()
				}
			}
		})
	}
	callers.Wait()
	return acked
}

// spooled is how many events ingest's spool holds.
func (s *stack) spooled() int {
	_, metrics := get(s.t, "http://"+s.ingestAdmin+"/metrics")
	_, rest, _ := strings.Cut(metrics, "\nomnicapi_ingest_spool_events ")
	value, _, _ := strings.Cut(rest, "\n")
	n, err := strconv.Atoi(value)
	if err != nil {
		return -1
	}
	return n
}

// awaitIngest waits until ingest answers on its operators' port.
func (s *stack) awaitIngest() {
	s.t.Helper()
	eventually(s.t, time.Minute, "ingest answers", func() (bool, string) {
		status, body := get(s.t, "http://"+s.ingestAdmin+"/livez")
		return status == http.StatusOK, body
	})
}

// TestSpoolOverKills: Kafka goes; what pages send is taken all the same, over kills of ingest while it fills, without Kafka and while
// it drains: each event that was acknowledged is delivered. Senders that repeat are asked to.
func TestSpoolOverKills(t *testing.T) {
	besideOthers(t)
	brokers, addrs := killableBrokers(t)
	s := newStackOn(t, addrs, "")
	dir := filepath.Join(s.dir, "spool")
	s.ingest.kill()
	s.ingest.env = []string{"OMNICAPI_INGEST_SPOOL_DIR=" + dir}
	s.ingest.start()
	s.waitReady()
	acked := s.beacons("with", 20)
	for _, b := range brokers {
		b.kill()
	}
	acked = append(acked, s.beacons("without", 200)...)
	if n := len(acked); n != 220 {
		t.Errorf("%d of 220 events were taken", n)
	}
	if status, answer := s.postGraph(shopID, purchase("repeats")); status != http.StatusServiceUnavailable {
		t.Errorf("a sender that repeats: %d %s", status, answer)
	}
	var more []string
	killed, from := make(chan struct{}), s.spooled()
	go func() {
		defer close(killed)
		more = s.beacons("killed", 2000)
	}()
	eventually(t, time.Minute, "it is spooled", func() (bool, string) { n := s.spooled(); return n > from+50, strconv.Itoa(n) })
	s.ingest.kill()
	<-killed // the others are not taken
	acked = append(acked, more...)
	s.ingest.start()
	s.awaitIngest()
	if n := s.spooled(); n < 200+len(more) {
		t.Errorf("%d events are in the spool after the kill, %d were acknowledged", n, 200+len(more))
	}
	if info, err := os.Stat(filepath.Join(dir, "spool.db")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file: %v %v", info, err)
	}
	acked = append(acked, s.beacons("restarted", 200)...)
	full := s.spooled() // before it can drain
	for _, b := range brokers {
		b.start()
	}
	eventually(t, time.Minute, "it drains", func() (bool, string) { n := s.spooled(); return n >= 0 && n < full, strconv.Itoa(n) })
	s.ingest.kill()
	s.ingest.start()
	s.waitReady()
	eventually(t, time.Minute, "the spool is empty", func() (bool, string) { n := s.spooled(); return n == 0, strconv.Itoa(n) })
	fates := s.waitDelivered(2*time.Minute, acked)
	delivered := 0
	for _, id := range acked {
		for _, f := range fates[id] {
			switch f.fate {
			case "delivered":
				delivered++
			case "dead":
				t.Errorf("%s: %s", id, f)
			}
		}
	}
	t.Logf("%d acknowledged, %d delivered", len(acked), delivered)
	if delivered < len(acked) {
		t.Errorf("%d of %d events were delivered", delivered, len(acked))
	}
	for _, line := range []string{"those of senders that never repeat are spooled", "the spool holds events of before", "the spool is drained"} {
		s.ingest.waitSays(line)
	}
	if strings.Contains(s.ingest.log.text(), "203.0.113.9") {
		t.Error("the log names a visitor")
	}
}
