// Command cloudevents sends one purchase by the CloudEvents SDK for Go, unmodified: INGEST, TOKEN, MODE (binary or
// structured) and EVENT_ID come from the environment. It ends with 0 only if the SDK reports it delivered.
package main

import (
	"context"
	"fmt"
	"os"
	"time"

	cloudevents "github.com/cloudevents/sdk-go/v2"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	client, err := cloudevents.NewClientHTTP()
	if err != nil {
		return fmt.Errorf("making the client: %w", err)
	}
	e := cloudevents.NewEvent()
	e.SetID(os.Getenv("EVENT_ID"))
	e.SetSource("https://erp.example.com/orders")
	e.SetType("com.example.order.completed")
	e.SetSubject("an order with blanks") // sent raw in a header
	e.SetTime(time.Now())
	if err := e.SetData(cloudevents.ApplicationJSON, map[string]any{
		"order_id": os.Getenv("EVENT_ID"), "value": 59.9, "currency": "USD", "email": "Jane.Doe@example.com ", "external_id": "cust-77",
	}); err != nil {
		return fmt.Errorf("setting the data: %w", err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	ctx = cloudevents.ContextWithTarget(ctx, os.Getenv("INGEST")+"/v1/platform/cloudevents?access_token="+os.Getenv("TOKEN"))
	if os.Getenv("MODE") == "structured" {
		ctx = cloudevents.WithEncodingStructured(ctx)
	} else {
		ctx = cloudevents.WithEncodingBinary(ctx)
	}
	if result := client.Send(ctx, e); cloudevents.IsUndelivered(result) || !cloudevents.IsACK(result) {
		return fmt.Errorf("not delivered: %w", result)
	}
	return nil
}
