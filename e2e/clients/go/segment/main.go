// Command segment posts one purchase by Segment's Go client, unmodified but for its host. INGEST, WRITE_KEY and EVENT_ID
// come from the environment; exit 0 only if it reports the delivery.
package main

import (
	"fmt"
	"os"
	"time"

	"github.com/segmentio/analytics-go/v3"
)

// report is what the client says of its messages.
type report chan error

func (r report) Success(analytics.Message)            { r <- nil }
func (r report) Failure(_ analytics.Message, e error) { r <- e }

func main() {
	said := make(report, 1)
	client, err := analytics.NewWithConfig(os.Getenv("WRITE_KEY"), analytics.Config{
		Endpoint: os.Getenv("INGEST"), Callback: said, Interval: 50 * time.Millisecond,
		RetryAfter: func(int) time.Duration { return 10 * time.Millisecond },
	})
	check(err)
	check(client.Enqueue(analytics.Track{
		MessageId: os.Getenv("EVENT_ID"), Event: "Order Completed", UserId: "cust-77",
		Context: &analytics.Context{
			Page:   analytics.PageInfo{URL: "https://shop.example.com/checkout/done"},
			Traits: analytics.NewTraits().SetEmail("Jane.Doe@example.com "),
		},
		Properties: analytics.NewProperties().SetRevenue(59.9).SetCurrency("USD").SetOrderId(os.Getenv("EVENT_ID")).SetProducts(
			analytics.Product{ID: "P1", Price: 59.9}),
	}))
	check(<-said)
	check(client.Close())
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
