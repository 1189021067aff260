// Package demo sends sample events of every channel through the whole pipeline and waits for the fate of each. The
// command `demo` uses it. It refuses to fake: events go in by HTTP and their fates are read from Kafka.
package demo

import (
	"embed"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/omnicapi/omnicapi/pkg/fault"
)

//go:embed sample
var sample embed.FS

// Event is one sample event and how it must end.
type Event struct {
	Channel string
	Name    string
	ID      string
	Fate    fault.Fate
	Reason  fault.Reason
}

// post is one request to ingest.
type post struct {
	path    string
	file    string // of sample
	content string // Content-Type
	origin  string // of a page; else the source's secret is presented
	events  []Event
}

const page = "https://shop.example.com"

// posts are all requests, in the order in which they are sent.
var posts = []post{
	{"/v1/website/collect", "website.json", "text/plain;charset=UTF-8", page, []Event{
		{"website", "ViewContent", "demo-view-1", fault.Delivered, fault.None},
		{"website", "Purchase", "demo-order-1001", fault.Delivered, fault.None},
	}},
	{"/v1/website/openbridge/events", "pixel.json", "text/plain;charset=UTF-8", page, []Event{
		{"website", "AddToCart", "demo-cart-1", fault.Delivered, fault.None},
	}},
	{"/v1/app/events", "app.json", "application/json", "", []Event{
		{"app", "Purchase", "demo-app-1", fault.Delivered, fault.None},
	}},
	{"/v1/whatsapp/events", "whatsapp.json", "application/json", "", []Event{
		{"whatsapp", "LeadSubmitted", "demo-chat-1", fault.Delivered, fault.None},
	}},
	{"/v1/sources/store", "store.csv", "text/csv", "", []Event{
		{"store", "Purchase", "demo-receipt-1", fault.Delivered, fault.None},
		{"store", "Purchase", "demo-receipt-2", fault.Delivered, fault.None},
	}},
	{"/v1/crm/events", "crm.json", "application/json", "", []Event{
		{"crm", "Qualified Lead", "demo-lead-1", fault.Delivered, fault.None},
	}},
	{"/v1/sources/cdp", "cdp.ndjson", "application/x-ndjson", "", []Event{
		{"cdp", "Subscribe", "demo-subscribe-1", fault.Delivered, fault.None},
		{"cdp", "Subscribe", "demo-silent-1", fault.Dropped, fault.Consent},
	}},
	{"/v1/platform/events", "platform.json", "application/json", "", []Event{
		{"platform", "Purchase", "shopify-order-1003", fault.Delivered, fault.None},
	}},
	{"/v1/tagmanager/events", "tagmanager.json", "application/json", "", []Event{
		{"tagmanager", "InitiateCheckout", "demo-tag-1", fault.Delivered, fault.None},
	}},
	{"/v1/website/collect", "again.json", "text/plain;charset=UTF-8", page, []Event{
		{"website", "Purchase", "demo-order-1001", fault.Dropped, fault.Duplicate},
	}},
	{"/v25.0/1234567890123456/events", "server.json", "application/json", "", []Event{
		{"website", "Purchase", "demo-refused-1", fault.Dead, fault.Refused},
		{"website", "", "demo-nameless-1", fault.Dead, fault.MissingField},
	}},
}

// Events are all sample events, in the order in which they are sent.
func Events() []Event {
	var all []Event
	for _, p := range posts {
		all = append(all, p.events...)
	}
	return all
}

// body is a sample file with its times made recent.
func body(file string, now time.Time) (string, error) {
	text, err := sample.ReadFile("sample/" + file)
	if err != nil {
		return "", fmt.Errorf("reading the sample %s: %w", file, err)
	}
	sold := now.Add(-time.Hour)
	if zone, err := time.LoadLocation("Europe/Berlin"); err == nil {
		sold = sold.In(zone)
	}
	return strings.NewReplacer("$NOW", strconv.FormatInt(now.Unix(), 10), "$DAY", sold.Format("02.01.2006 15:04")).Replace(string(text)), nil
}
