package httpapi

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/omnicapi/omnicapi/pkg/stream"
)

// purchase is a realistic website purchase in Meta's wire format.
const purchase = `{"data":[{"event_name":"Purchase","event_time":1795426200,"event_id":"order-10001","action_source":"website","event_source_url":"https://shop.example.com/checkout/thank-you?order=10001",` +
	`"user_data":{"em":["86e0b9e56c17cc4d12387e1949b85053fbe73bc3ce5a1188713a9d300cc6133d"],"ph":["413ba75461ab5f99d36820e561ea97e2bd80f9cb586f7ecea6cf4c496518950a"],"external_id":["cust-77"],` +
	`"client_ip_address":"203.0.113.24","client_user_agent":"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36","fbp":"fb.1.1795000000000.1098115397"},` +
	`"custom_data":{"value":59.9,"currency":"USD","order_id":"10001","contents":[{"id":"SKU-1","quantity":1,"item_price":39.9},{"id":"SKU-2","quantity":2,"item_price":10}]}}]}`

type instant struct{}

func (instant) Publish(context.Context, ...stream.Record) error { return nil }

// BenchmarkHandler is one request with one event through the whole handler, with a Kafka that costs nothing.
func BenchmarkHandler(b *testing.B) {
	f := newFixture(b, nil)
	f.kafka.publish = func(context.Context, []stream.Record) error { return nil }
	benchmark(b, f, http.StatusOK)
}

// BenchmarkHandlerReference does the same with encoding/json, maps and structs.
func BenchmarkHandlerReference(b *testing.B) {
	type envelope struct {
		ID     string         `json:"id"`
		Source string         `json:"source"`
		Item   map[string]any `json:"item"`
	}
	benchmark(b, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		data, err := io.ReadAll(r.Body)
		if err != nil {
			http.Error(w, "", http.StatusBadRequest)
			return
		}
		var body struct {
			Data []map[string]any `json:"data"`
		}
		if err := json.Unmarshal(data, &body); err != nil {
			http.Error(w, "", http.StatusBadRequest)
			return
		}
		var recs []stream.Record
		for _, item := range body.Data {
			id, _ := item["event_id"].(string)
			value, err := json.Marshal(envelope{ID: id, Source: "/channels/website/backend", Item: item})
			if err != nil {
				http.Error(w, "", http.StatusBadRequest)
				return
			}
			recs = append(recs, stream.Record{Key: []byte(id), Value: value})
		}
		if err := (instant{}).Publish(r.Context(), recs...); err != nil {
			http.Error(w, "", http.StatusServiceUnavailable)
			return
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"events_received": len(recs), "messages": []string{}, "fbtrace_id": "A"})
	}), http.StatusOK)
}

func benchmark(b *testing.B, h http.Handler, status int) {
	b.ReportAllocs()
	body := []byte(purchase)
	b.SetBytes(int64(len(body)))
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			r := httptest.NewRequest(http.MethodPost, graphPath, bytes.NewReader(body))
			r.Header.Set("Authorization", "Bearer EAAtestToken")
			r.Header.Set("User-Agent", "bench")
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			if w.Code != status {
				b.Error(w.Code, w.Body)
				return
			}
		}
	})
}
