package e2e

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/stream"
)

// TestCostOfARequest (T16): 10 000 tiny events of a page in some hundred bytes of gzip made 17 MB on Kafka. Now nothing of it is there,
// and of the largest that is taken no more than a factor of what was sent, on all topics together: raw events, what became of them,
// and their fates. The shop's order beside it is delivered.
func TestCostOfARequest(t *testing.T) {
	s := newStack(t, "")
	page := http.Header{
		"Origin": {"https://shop.example.com"}, "Content-Type": {"application/json"}, "Content-Encoding": {"gzip"}, "User-Agent": {"Mozilla/5.0"},
		"X-Forwarded-For": {"203.0.113.9"}, "Referer": {"https://shop.example.com/" + strings.Repeat("p", 300)}, "Cookie": {"_fbp=fb.1.1795000000000.1098115397"},
	}
	posts := 0
	post := func(n int) (sent, status int, answer string) {
		t.Helper()
		posts++
		page.Set("X-Forwarded-For", fmt.Sprint("203.0.113.", 100+posts%100)) // a network of its own each: its rate is not what is looked at
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		_, _ = z.Write([]byte(`{"events":[` + strings.Repeat(`{"event_name":"a"},`, n-1) + `{"event_name":"a"}]}`)) // to memory
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		sent = b.Len() + len("POST /v1/website/collect HTTP/1.1")
		for name, values := range page {
			sent += len(name) + len(values[0])
		}
		status, answer, _ = send(t, http.MethodPost, s.ingestURL+"/v1/website/collect", page, b.String())
		return sent, status, answer
	}
	const order = "order-beside"
	attacked, status, answer := post(10_000) // more than a page may post at once, whatever they cost
	if status != http.StatusRequestEntityTooLarge {
		t.Fatalf("the attack: %d %s", status, answer)
	}
	if _, status, answer := post(1000); status != http.StatusRequestEntityTooLarge || !strings.Contains(answer, "too many events for its size") {
		t.Fatalf("as many as it may post: %d %s", status, answer)
	}
	s.take(shopID, purchase(order))
	taken, sent := 0, 0
	for n := 300; taken == 0; n -= 10 {
		if sent, status, answer = post(n); status == http.StatusAccepted {
			taken = n
		} else if status != http.StatusRequestEntityTooLarge || n <= 50 {
			t.Fatalf("%d events: %d %s", n, status, answer)
		}
	}
	var got struct {
		IDs []string `json:"event_ids"`
	}
	if err := json.Unmarshal([]byte(answer), &got); err != nil || len(got.IDs) != taken {
		t.Fatalf("%d of %d ids, %v", len(got.IDs), taken, err)
	}
	s.waitFates(2*time.Minute, append(got.IDs, order))
	raw, all := s.bytesOf("snippet")
	most := 128<<10 + 128*(sent+200) // and what Go's client adds
	t.Logf("%d bytes of 10 000 events are refused; %d bytes of %d events made %d on their raw topic, %d on all", attacked, sent, taken, raw, all)
	if raw == 0 || raw > most || all > 3*most {
		t.Errorf("%d bytes made %d on their raw topic and %d on all, more than %d and %d", sent, raw, all, most, 3*most)
	}
	stored := fmt.Sprintf(`omnicapi_ingest_stored_bytes_total{source="snippet",trust="unproven"} %d`, raw)
	if _, text := get(t, "http://"+s.ingestAdmin+"/metrics"); !strings.Contains(text, stored+"\n") && !strings.Contains(text, fmt.Sprintf(`trust="unproven"} %g`, float64(raw))) {
		t.Errorf("no %s in\n%s", stored, linesWith(text, "stored_bytes"))
	}
	if n := s.arrivedIDs(shopID)[order]; n != 1 {
		t.Errorf("the order arrived %d times", n)
	}
}

// bytesOf is what the records of a source take: its raw events, and with them all that was made of them.
func (s *stack) bytesOf(source string) (raw, all int) {
	s.t.Helper()
	size := func(r *stream.Record) int {
		n := len(r.Key) + len(r.Value)
		for _, h := range r.Headers {
			n += len(h.Key) + len(h.Value)
		}
		return n
	}
	for _, topic := range []string{s.names.Events("website"), s.names.Signals("shop"), s.names.DeadLetters(), s.names.Outcomes()} {
		if err := s.stream.Scan(s.t.Context(), topic, time.Time{}, func(r *stream.Record) error {
			if topic == s.names.Events("website") {
				var e event.Raw
				if err := e.Decode(r.Value); err != nil || string(e.Source) != source {
					return err
				}
				raw += size(r)
			}
			all += size(r)
			return nil
		}); err != nil {
			s.t.Fatal(err)
		}
	}
	return raw, all
}

func linesWith(text, part string) string {
	var found strings.Builder
	for line := range strings.Lines(text) {
		if strings.Contains(line, part) {
			found.WriteString(line)
		}
	}
	return found.String()
}
