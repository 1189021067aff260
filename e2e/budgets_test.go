package e2e

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/pkg/signature"
)

const (
	stopsFor   = 6 * time.Second       // how long orders flow in each run
	orderEvery = 40 * time.Millisecond // each sender's
)

// TestNobodysBudget (T16): one page leaves as much debt as it can on a shop's own source, and nobody at all withholds the end of
// packed bodies. Meanwhile the shop's signed orders, its server's on that very source, and a server's that proves itself in its
// body are all accepted at once, and delivered.
func TestNobodysBudget(t *testing.T) {
	s := newStack(t, `
  shopify: {channel: platform, format: shopify, dataset: shop, secrets: [secrets/api]}
  shared: {channel: website, format: collect, dataset: shop, key: shared, origins: ["https://shop.example.com"], secrets: [secrets/api], rate: {events_per_second: 30, burst: 30}}
`)
	const tries = 3
	for try := 1; ; try++ {
		quiet := s.orders(fmt.Sprint("quiet", try), nil)
		debts := s.orders(fmt.Sprint("debts", try), s.leaveDebts)
		withheld := s.orders(fmt.Sprint("withheld", try), s.withholdBodies)
		slower := func(name string, p99 time.Duration) bool {
			t.Logf("%s: p99 %s, %.2f times that without (%s)", name, p99, float64(p99)/float64(quiet), quiet)
			return p99 > quiet*3/2+20*time.Millisecond
		}
		d, w := slower("debts", debts), slower("withheld bodies", withheld)
		if t.Failed() || !d && !w {
			break
		}
		if try == tries {
			t.Errorf("in each of %d tries an attack slowed orders down", tries)
			break
		}
	}
}

// orders sends orders of three senders beside an attack, waits until all are delivered, and returns the 99th percentile of how long
// they waited for their answer.
func (s *stack) orders(run string, attack func(ctx context.Context)) time.Duration {
	t := s.t
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var attacking sync.WaitGroup
	if attack != nil {
		attacking.Go(func() { attack(ctx) })
		<-time.After(500 * time.Millisecond) // it has taken what it can
	}
	var (
		senders sync.WaitGroup
		mu      sync.Mutex
		took    []time.Duration
		ids     []string
		wrong   []string
	)
	for _, sender := range []func(n int) (id, path string, header http.Header, body string){
		func(n int) (string, string, http.Header, string) { return s.signedOrder(run, n) },
		func(n int) (string, string, http.Header, string) {
			id := fmt.Sprintf("%s-own-%d", run, n)
			return id, "/v1/website/collect?source=shared", http.Header{"Authorization": {"Bearer " + apiSecret}}, jsonOf(map[string]any{
				"event_name": "Purchase", "event_id": id, "user": map[string]any{"email": id + "@example.com"}, "custom_data": map[string]any{"value": 9.5, "currency": "USD"},
			})
		},
		func(n int) (string, string, http.Header, string) {
			id := fmt.Sprintf("%s-body-%d", run, n)
			return id, "/v25.0/" + shopID + "/events", http.Header{}, jsonOf(map[string]any{"access_token": apiSecret, "data": []any{purchase(id)}})
		},
	} {
		senders.Go(func() {
			end := time.After(stopsFor)
			tick := time.NewTicker(orderEvery)
			defer tick.Stop()
			for n := 0; ; n++ {
				id, path, header, body := sender(n)
				began := time.Now()
				status, answer := s.tryPost(path, header, body)
				mu.Lock()
				took, ids = append(took, time.Since(began)), append(ids, id)
				if status/100 != 2 {
					wrong = append(wrong, fmt.Sprintf("%s: %d %s", id, status, answer))
				}
				mu.Unlock()
				select {
				case <-tick.C:
				case <-end:
					return
				}
			}
		})
	}
	senders.Wait()
	cancel()
	attacking.Wait()
	if len(wrong) > 0 {
		t.Fatalf("%s: %d of %d orders were not accepted: %s", run, len(wrong), len(ids), wrong[0])
	}
	for id, fates := range s.waitFates(2*time.Minute, ids) {
		if strings.Contains(id, run) && (len(fates) != 1 || fates[0].fate != "delivered") {
			t.Errorf("%s: %v", id, fates)
		}
	}
	slices.Sort(took)
	return took[len(took)*99/100]
}

// signedOrder is the webhook of an order that Shopify signed.
func (s *stack) signedOrder(run string, n int) (id, path string, header http.Header, body string) {
	number := fmt.Sprintf("%s%d", strings.Map(digit, run), n+1000)
	path = "/v1/platform/shopify"
	r := &signature.Request{Method: http.MethodPost, URL: s.ingestURL + path, Now: time.Now(), Header: http.Header{
		"Content-Type": {"application/json"}, "X-Shopify-Topic": {"orders/paid"}, "X-Shopify-Shop-Domain": {"example-shop.myshopify.com"},
	}}
	r.Body = []byte(jsonOf(map[string]any{
		"id": json.Number(number), "currency": "USD", "total_price": "9.50", "processed_at": time.Now().UTC().Format(time.RFC3339), "email": "jane.doe@example.com",
	}))
	signature.Shopify{}.Sign(r, apiSecret)
	return "shopify-order-" + number, path, r.Header, string(r.Body)
}

// digit makes a number of a run's name.
func digit(r rune) rune {
	if r >= '0' && r <= '9' {
		return r
	}
	return '1' + r%9
}

func jsonOf(v any) string {
	text, _ := json.Marshal(v)
	return string(text)
}

// tryPost posts, and returns status 0 if there is no answer.
func (s *stack) tryPost(path string, header http.Header, body string) (status int, answer string) {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.ingestURL+path, strings.NewReader(body))
	if err != nil {
		return 0, err.Error()
	}
	req.Header = header
	res, err := client.Do(req)
	if err != nil {
		return 0, err.Error()
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		return 0, err.Error()
	}
	return res.StatusCode, string(text)
}

// leaveDebts posts, without proof, requests with as many small events as there may be, and more.
func (s *stack) leaveDebts(ctx context.Context) {
	page := http.Header{"Origin": {"https://shop.example.com"}, "Content-Encoding": {"gzip"}}
	var bodies []string
	for _, n := range []int{1000, 10_000} {
		bodies = append(bodies, string(packed([]byte(`{"events":[`+strings.TrimSuffix(strings.Repeat(`{"event_name":"a"},`, n), ",")+`]}`))))
	}
	seen := map[int]int{}
	for i := 0; ctx.Err() == nil; i++ {
		status, _ := s.tryPost("/v1/website/collect?source=shared", page, bodies[i%len(bodies)])
		seen[status]++
		select {
		case <-ctx.Done():
		case <-time.After(50 * time.Millisecond):
		}
	}
	s.t.Logf("a page's requests: %v", seen)
	if seen[http.StatusRequestEntityTooLarge] == 0 || seen[http.StatusTooManyRequests] == 0 {
		s.t.Errorf("neither rate nor limit stopped the page: %v", seen)
	}
}

// withholdBodies holds eight connections, on which bodies that unpack to 8 MiB stop 100 bytes before their end. Who is cut off begins again.
func (s *stack) withholdBodies(ctx context.Context) {
	body := packed([]byte(`{"data":[` + noise(8<<20-1000) + `]}`))
	head := fmt.Sprintf("POST /v25.0/%s/events HTTP/1.1\r\nHost: x\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n", shopID, len(body))
	var conns sync.WaitGroup
	var mu sync.Mutex
	answers := map[string]int{}
	for range 8 {
		conns.Go(func() {
			for ctx.Err() == nil {
				conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", strings.TrimPrefix(s.ingestURL, "http://"))
				if err != nil {
					return
				}
				stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
				_, _ = io.WriteString(conn, head)
				_, _ = conn.Write(body[:len(body)-100])
				line := make([]byte, len("HTTP/1.1 503"))
				if _, err := io.ReadFull(conn, line); err == nil {
					mu.Lock()
					answers[string(line)]++
					mu.Unlock()
				}
				stop()
				_ = conn.Close()
			}
		})
	}
	conns.Wait()
	s.t.Logf("bodies that were withheld: %d bytes each, %v", len(body), answers)
	if len(answers) == 0 || answers["HTTP/1.1 200"] > 0 || len(body) > 4<<20 {
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
