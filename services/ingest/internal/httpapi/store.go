package httpapi

import (
	"context"
	"errors"
	"time"

	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/pkg/stream"
)

// takeRate takes the items from the source's rate.
func (x *exchange) takeRate() *receive.Refusal {
	wait, ok := x.source.Take(x.in.Now, len(x.batch.Items), x.facts.Trust)
	if ok {
		return nil
	}
	x.wait = wait
	return &receive.Refusal{Kind: receive.RateLimited, Detail: "over the source's rate"}
}

// store publishes the items with the request's facts.
func (x *exchange) store(ctx context.Context) *receive.Refusal {
	if len(x.batch.Items) == 0 {
		return nil
	}
	if err := x.api.accept.Accept(ctx, x.source, &x.facts, &x.batch, &x.work); err != nil {
		x.unstored, x.wait = true, time.Second // Accept logs when Kafka stops taking events
		if errors.Is(err, stream.ErrFull) {
			return x.noRoom()
		}
		return &receive.Refusal{Kind: receive.Unavailable, Detail: "events cannot be stored at the moment"}
	}
	x.remember()
	x.api.metrics.stored(x.source, x.facts.Trust, x.sent, x.work.Bytes())
	return nil
}

// writeFacts writes down what is stored of the request with each item.
func (x *exchange) writeFacts() {
	f, r := &x.facts, x.in.Request
	f.Arrival, f.Once = x.in.Now, x.once
	f.URL = appendURL(f.URL[:0], r.URL)
	f.Headers = appendHeaders(f.Headers[:0], r.Header)
	f.IP = f.IP[:0]
	if ip := x.in.Client; ip.IsValid() {
		f.IP = ip.AppendTo(f.IP)
	}
}
