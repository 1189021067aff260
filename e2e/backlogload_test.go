package e2e

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// backlog is what was sent and what came of it: a byte an event, by number.
type backlog struct {
	run   string
	state []byte // how each ended: an index of ends; 0: not yet
	ends  []string
	twice int // events with a second fate
	alien int // fates of events that nobody sent
	acked atomic.Int64
}

func newBacklog(n int) *backlog {
	return &backlog{run: strconv.FormatInt(time.Now().UnixMilli(), 36), state: make([]byte, n), ends: []string{"no fate"}}
}

const day = 24 * time.Hour

// kindOf is what the n-th event is: where it goes, how old it is, and how it must end.
func kindOf(n int) (source string, age time.Duration, end string) {
	source = []string{"web", "crm", "till"}[n%3]
	store := source == "till"
	switch n / 3 % 50 {
	case 0: // what Meta takes for seven days, a store's for 62, both less an hour
		if store {
			return source, 62*day - 30*time.Minute, "dead expired"
		}
		return source, 7*day - 30*time.Minute, "dead expired"
	case 1:
		if store {
			return source, 61 * day, "delivered"
		}
		return source, 6 * day, "delivered"
	case 2:
		if store {
			return source, 8 * day, "delivered"
		}
		return source, 30 * day, "dead expired"
	}
	return source, 0, "delivered"
}

func (b *backlog) want() map[string]int {
	want := map[string]int{}
	for n := range b.state {
		_, _, end := kindOf(n)
		want[end]++
	}
	return want
}

func (b *backlog) id(n int) string { return fmt.Sprintf("%s-%08d", b.run, n) }

// Requests hold this many events; so many are out at a time.
const (
	backlogBatch   = 500
	backlogSenders = 8
)

// send posts all events as fast as ingest takes them; what is refused is sent again.
func (b *backlog) send(t *testing.T, s *backlogStack) {
	t.Helper()
	starts := make(chan int)
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: backlogSenders}, Timeout: time.Minute}
	defer client.CloseIdleConnections()
	var senders sync.WaitGroup
	for range backlogSenders {
		senders.Go(func() {
			for start := range starts {
				for i, source := range []string{"web", "crm", "till"} {
					b.post(t, client, s.ingestURL, source, start+i)
				}
			}
		})
	}
	for start := 0; start < len(b.state); start += 3 * backlogBatch {
		starts <- start
	}
	close(starts)
	senders.Wait()
}

// post sends a request with each third event of 3*backlogBatch from start on: those of one source.
func (b *backlog) post(t *testing.T, client *http.Client, url, source string, start int) {
	body := &bytes.Buffer{}
	body.WriteString(`{"data":[`)
	events := 0
	now := time.Now()
	for n := start; n < min(start+3*backlogBatch, len(b.state)); n += 3 {
		if events > 0 {
			body.WriteByte(',')
		}
		b.write(body, n, now)
		events++
	}
	body.WriteString(`]}`)
	if events == 0 {
		return
	}
	for {
		req, err := http.NewRequestWithContext(context.WithoutCancel(t.Context()), http.MethodPost, url+"/v1/sources/"+source, bytes.NewReader(body.Bytes()))
		if err != nil {
			t.Error(err)
			return
		}
		req.Header.Set("Authorization", "Bearer "+apiSecret)
		req.Header.Set("Content-Type", "application/json")
		res, err := client.Do(req)
		if err != nil {
			t.Errorf("posting: %v", err)
			return
		}
		answer, _ := io.ReadAll(res.Body)
		_ = res.Body.Close()
		switch {
		case res.StatusCode/100 == 2 && !strings.Contains(string(answer), `"index"`):
			b.acked.Add(int64(events))
			return
		case res.StatusCode == http.StatusServiceUnavailable:
			<-time.After(50 * time.Millisecond) // as a sender does that was told to come back
		default:
			t.Errorf("answer: %d %.300s", res.StatusCode, answer)
			return
		}
	}
}

func (b *backlog) write(to *bytes.Buffer, n int, now time.Time) {
	source, age, _ := kindOf(n)
	action := map[string]string{"web": "website", "crm": "system_generated", "till": "physical_store"}[source]
	id := b.id(n)
	fmt.Fprintf(to, `{"event_name":"Purchase","event_id":%q,"event_time":%d,"action_source":%q,"event_source_url":"https://shop.example.com/thanks",`+
		`"user_data":{"em":"%s@example.com","ph":"+1 650 555 %04d","client_user_agent":"Mozilla/5.0","client_ip_address":"203.0.113.9"},`+
		`"custom_data":{"value":10.5,"currency":"USD","order_id":%q}}`, id, now.Add(-age).Unix(), action, id, n%10000, id)
}

func (b *backlog) acknowledged() int { return int(b.acked.Load()) }

// ended notes a fate.
func (b *backlog) ended(id, fate, reason string) {
	number, ok := strings.CutPrefix(id, b.run+"-")
	n, err := strconv.Atoi(number)
	if !ok || err != nil || n >= len(b.state) {
		b.alien++
		return
	}
	end := strings.TrimSpace(fate + " " + reason)
	i := slices.Index(b.ends, end)
	if i < 0 {
		i = len(b.ends)
		b.ends = append(b.ends, end)
	}
	if b.state[n] != 0 {
		b.twice++
	}
	b.state[n] = byte(i)
}

// check prints the balance, and fails the test for each event that is lost or ended otherwise than it must.
func (b *backlog) check(t *testing.T) {
	t.Helper()
	got, wrong := map[string]int{}, 0
	for n, i := range b.state {
		end := b.ends[i]
		got[end]++
		if _, _, want := kindOf(n); end != want {
			if wrong++; wrong <= 10 {
				t.Errorf("%s: %s, want %s", b.id(n), end, want)
			}
		}
	}
	t.Logf("accepted %d", len(b.state))
	for _, end := range slices.Sorted(maps.Keys(got)) {
		t.Logf("  %-14s %d", end, got[end])
	}
	t.Logf("  lost           %d; with two fates %d", got[b.ends[0]], b.twice)
	if wrong > 0 || b.alien > 0 {
		t.Errorf("%d events ended otherwise than they must, %d fates are of events that nobody sent", wrong, b.alien)
	}
}
