package e2e

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

// shopAddr is where the shop's server posts from, and who guesses its secrets.
const shopAddr = "198.51.100.20"

// attack goes on until ctx ends, beside the orders of a run. It calls been once it has done what makes it one: on a busy machine that
// takes longer. One that is made of requests makes at most one in so long.
type attack func(ctx context.Context, run string, been func())

// fires makes an attacker's requests one after the other, at most one in so long, until ctx ends; it returns how each was answered. Each
// answer is counted before isOne is asked, which calls been.
func (s *stack) fires(ctx context.Context, every time.Duration, been func(), isOne func(answers map[int]int) bool, request func(i int) *http.Request) (answers map[int]int) {
	answers = map[int]int{}
	tick := time.NewTicker(every)
	defer tick.Stop()
	for i := 0; ctx.Err() == nil; i++ {
		if res, err := client.Do(request(i).WithContext(ctx)); err == nil {
			_, _ = io.Copy(io.Discard, res.Body) // an attacker does not care
			_ = res.Body.Close()
			answers[res.StatusCode]++
		}
		if isOne(answers) {
			been()
		}
		select {
		case <-ctx.Done():
		case <-tick.C:
		}
	}
	return answers
}

func (s *stack) request(method, path string, header http.Header, body string) *http.Request {
	r, err := http.NewRequest(method, s.ingestURL+path, strings.NewReader(body))
	if err != nil {
		panic(err) // the address is the test's own
	}
	r.Header = header
	return r
}

// aPage are the headers of a page's request, each from another network.
func aPage(i int, more ...string) http.Header {
	h := http.Header{
		"Origin": {"https://shop.example.com"}, "Content-Type": {"application/json"}, "User-Agent": {"Mozilla/5.0"},
		"X-Forwarded-For": {fmt.Sprintf("203.0.113.%d", i%200)},
	}
	for j := 0; j < len(more); j += 2 {
		h.Set(more[j], more[j+1])
	}
	return h
}

// guessOrders names, as a page, the orders of a run before they come and while they do: with another person, and another value.
func (s *stack) guessOrders(every time.Duration) attack {
	return func(ctx context.Context, run string, been func()) {
		ahead := int(*ordersFor/orderEvery) + 25
		isOne := func(answers map[int]int) bool {
			return answers[http.StatusAccepted] >= ahead/2 && answers[http.StatusOK] >= ahead/2
		}
		answers := s.fires(ctx, every, been, isOne, func(i int) *http.Request {
			var events []string
			orders := s.shopOrders(run, i/2%ahead)
			for _, o := range orders {
				events = append(events, fmt.Sprintf(`{"event_name":"Purchase","event_id":%q,"user":{"em":"somebody@else.example.org"},"custom_data":{"value":0.01,"currency":"USD"}}`, o.id))
			}
			if i%2 == 0 {
				return s.request(http.MethodPost, "/v1/website/collect", aPage(i), `{"events":[`+strings.Join(events, ",")+`]}`)
			}
			q := url.Values{"id": {"77"}, "ev": {"Purchase"}, "eid": {orders[0].id}, "cd[value]": {"0.01"}, "cd[currency]": {"USD"}, "ud[em]": {"somebody@else.example.org"}}
			return s.request(http.MethodGet, "/tr/?"+q.Encode(), aPage(i), "")
		})
		s.t.Logf("guesses of a page: %v", answers)
		if !isOne(answers) {
			s.t.Errorf("of %d coming orders fewer than half were guessed: %v", ahead, answers)
		}
	}
}

// leaveDebts posts, without proof, as many small events in a request as there may be, and more, to a source that is the shop's server's, too.
func (s *stack) leaveDebts(every time.Duration) attack {
	return func(ctx context.Context, _ string, been func()) {
		var bodies []string
		for _, n := range []int{100, 100, 10_000} { // the second while the first is owed
			bodies = append(bodies, smallEvents(s.t, n))
		}
		isOne := func(answers map[int]int) bool {
			return answers[http.StatusRequestEntityTooLarge] > 0 && answers[http.StatusTooManyRequests] > 0
		}
		answers := s.fires(ctx, every, been, isOne, func(i int) *http.Request {
			return s.request(http.MethodPost, "/v1/website/collect?source=shared", aPage(i, "Content-Encoding", "gzip"), bodies[i%len(bodies)])
		})
		s.t.Logf("debts of a page: %v", answers)
		if !isOne(answers) {
			s.t.Errorf("neither rate nor limit stopped the page: %v", answers)
		}
	}
}

// fillDisks posts, without proof, what was some hundred bytes and became megabytes on Kafka: tiny events, which share all that their
// request says of itself.
func (s *stack) fillDisks(every time.Duration) attack {
	return func(ctx context.Context, _ string, been func()) {
		isOne := func(answers map[int]int) bool {
			return answers[http.StatusRequestEntityTooLarge] > 0 && answers[http.StatusAccepted] > 0
		}
		fat := []string{"Content-Encoding", "gzip", "Referer", "https://shop.example.com/" + strings.Repeat("p", 300), "Cookie", "_fbp=fb.1.1795000000000.1098115397"}
		bodies := []string{smallEvents(s.t, 10_000), smallEvents(s.t, 100)}
		answers := s.fires(ctx, every, been, isOne, func(i int) *http.Request {
			return s.request(http.MethodPost, "/v1/website/collect", aPage(i, fat...), bodies[i%len(bodies)])
		})
		s.t.Logf("small requests that become large: %v", answers)
		if !isOne(answers) {
			s.t.Errorf("the attack was none: %v", answers)
		}
	}
}

// guessSecrets guesses the shop's secrets and signatures from its own network, and names no shop.
func (s *stack) guessSecrets(every time.Duration) attack {
	return func(ctx context.Context, run string, been func()) {
		isOne := func(answers map[int]int) bool {
			return answers[http.StatusUnauthorized] > 0 && answers[http.StatusTooManyRequests] > 0
		}
		answers := s.fires(ctx, every, been, isOne, func(i int) *http.Request {
			o := s.shopOrders(run, i)[0]
			h := http.Header{"Content-Type": {"application/json"}, "X-Forwarded-For": {shopAddr}}
			switch i % 3 {
			case 0:
				h.Set("Authorization", fmt.Sprint("Bearer guess-", i))
				return s.request(http.MethodPost, "/v25.0/"+shopID+"/events", h, jsonOf(map[string]any{"data": []any{purchase(o.id)}}))
			case 1:
				h = o.header.Clone()
				h.Set("X-Shopify-Hmac-Sha256", "bm9uZSBvZiB5b3Vycywgbm9uZSBvZiB5b3VycyEhISE=")
			default:
				h = o.header.Clone()
				h.Del("X-Shopify-Shop-Domain")
			}
			return s.request(http.MethodPost, o.path, h, o.body)
		})
		s.t.Logf("guesses of secrets: %v", answers)
		if !isOne(answers) || answers[http.StatusOK]+answers[http.StatusAccepted] > 0 {
			s.t.Errorf("guesses are answered %v", answers)
		}
	}
}

// packedBody is a body that unpacks to 8 MiB; it takes a while to make.
var packedBody = sync.OnceValue(func() []byte { return packed([]byte(`{"data":[` + noise(8<<20-1000) + `]}`)) })

// withholdBodies holds eight connections, on which packed bodies stop 100 bytes before their end. Who is cut off begins again.
func (s *stack) withholdBodies(ctx context.Context, _ string, been func()) {
	body := packedBody()
	head := fmt.Sprintf("POST /v25.0/%s/events HTTP/1.1\r\nHost: x\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n", shopID, len(body))
	var conns sync.WaitGroup
	var mu sync.Mutex
	withheld, answers := 0, map[string]int{}
	for range 8 {
		conns.Go(func() {
			for ctx.Err() == nil {
				conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", strings.TrimPrefix(s.ingestURL, "http://"))
				if err != nil {
					return
				}
				stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
				_, _ = io.WriteString(conn, head)
				sent, _ := conn.Write(body[:len(body)-100])
				mu.Lock()
				if sent == len(body)-100 {
					withheld++
				}
				if withheld >= 8 {
					been()
				}
				mu.Unlock()
				line := make([]byte, len("HTTP/1.1 503"))
				_, err = io.ReadFull(conn, line)
				mu.Lock()
				if err == nil {
					answers[string(line)]++
				}
				mu.Unlock()
				stop()
				_ = conn.Close()
				select {
				case <-ctx.Done():
				case <-time.After(200 * time.Millisecond):
				}
			}
		})
	}
	conns.Wait()
	s.t.Logf("bodies that were withheld: %d of %d bytes each, answered %v", withheld, len(body), answers)
	if withheld < 8 || answers["HTTP/1.1 200"] > 0 || len(body) > 4<<20 {
		s.t.Error("the attack was none")
	}
}

// noise is JSON of a size that gzip packs to a tenth.
func noise(size int) string {
	var b strings.Builder
	for i := 0; b.Len() < size; i++ {
		fmt.Fprintf(&b, `{"event_name":"E%d","user_data":{"em":"%x"}},`, i*7919, i*104729)
	}
	return b.String()[:size]
}

func packed(data []byte) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write(data)
	_ = z.Close()
	return b.Bytes()
}

// smallEvents is a page's request of n events, packed.
func smallEvents(t *testing.T, n int) string {
	t.Helper()
	return string(packed([]byte(`{"events":[` + strings.Repeat(`{"event_name":"a"},`, n-1) + `{"event_name":"a"}]}`)))
}
