//go:build unix

package stream

import (
	"fmt"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A raw event as ingest stores it of a page's request: n is what differs.
func rawEvent(n int) []byte {
	return fmt.Appendf(nil, `{"specversion":"1.0","id":"order-%d","type":"omnicapi.raw.v1","source":"/channels/website/pixel","subject":"%032x","time":"2026-11-23T09:30:%02d.%03dZ",`+
		`"datacontenttype":"application/json","format":"capi","trust":"proven","traceparent":"00-%032x-b7ad6b7169203331-01","data":{"request":{"url":"/v25.0/1234567890123456/events",`+
		`"headers":{"user-agent":"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36","referer":"https://shop.example.com/p/%d","content-type":"application/json"},`+
		`"ip":"203.0.113.%d"},"item":{"event_name":"Purchase","event_time":%d,"event_id":"order-%d","action_source":"website","user_data":{"em":["%064x"],"client_ip_address":"203.0.113.24"},`+
		`"custom_data":{"value":%d.90,"currency":"USD","contents":[{"id":"SKU-%d","quantity":1,"item_price":39.9}]}}}}`,
		n, n*7919, n/1000%60, n%1000, n*104729, n%997, n%250, 1795426200+n, n, n*1299709, n%500, n%311)
}

// BenchmarkPack is what the compression of a batch costs the processor, by how many events are in it, and what it makes of them.
func BenchmarkPack(b *testing.B) {
	for _, n := range []int{1, 5, 16, 64, 512} {
		b.Run(fmt.Sprintf("events=%d", n), func(b *testing.B) { benchmarkPack(b, n, rawEvent) })
	}
	one := append(rawEvent(1), strings.Repeat(" ", 600)...)
	b.Run("events=512,same", func(b *testing.B) { benchmarkPack(b, 512, func(int) []byte { return one }) })
}

func benchmarkPack(b *testing.B, n int, value func(int) []byte) {
	cpu := func() int64 {
		var u syscall.Rusage
		if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
			b.Fatal(err)
		}
		return u.Utime.Nano() + u.Stime.Nano()
	}
	batch := newRecordBatch(time.Now())
	for i := range n {
		batch.add(&Record{Key: fmt.Appendf(nil, "%032x", i), Value: value(i)}, int64(i), 0)
	}
	b.ReportAllocs()
	before, sent := cpu(), 0
	for b.Loop() {
		wire, codec := batch.pack()
		sent = len(wire)
		if codec != codecNone {
			giveBack(wire)
		}
	}
	b.ReportMetric(float64(len(batch.raw))/float64(sent), "ratio")
	b.ReportMetric(float64(cpu()-before)/float64(b.N*n), "cpu-ns/event")
}
