// Package demo sends sample events of every channel through the whole pipeline and waits for the fate of each. The
// command `demo` uses it. It refuses to simulate: events go in by HTTP and their fates are read from Kafka.
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
	Format  string
	Source  string // tells an event without an ID
	Name    string
	ID      string // "": ingest makes it, and nobody knows it before
	Fate    fault.Fate
	Reason  fault.Reason
}

// post is one request to ingest.
type post struct {
	path    string
	format  string
	file    string // of sample
	content string // Content-Type
	origin  string // of a page; else the source's secret is presented
	events  []Event
}

const page = "https://shop.example.com"

// posts are all requests, in the order in which they are sent.
var posts = []post{
	{"/v1/website/collect?source=website", "collect", "website.json", "text/plain;charset=UTF-8", page, []Event{
		{Channel: "website", Name: "ViewContent", ID: "demo-view-1", Fate: fault.Delivered},
		{Channel: "website", Name: "Purchase", ID: "demo-order-1001", Fate: fault.Delivered},
	}},
	{"/v1/website/openbridge/events?source=website-pixel", "meta.openbridge", "pixel.json", "text/plain;charset=UTF-8", page, []Event{
		{Channel: "website", Name: "AddToCart", ID: "demo-cart-1", Fate: fault.Delivered},
	}},
	{"/v1/app/events", "capi", "app.json", "application/json", "", []Event{
		{Channel: "app", Name: "Purchase", ID: "demo-app-1", Fate: fault.Delivered},
	}},
	{"/v1/whatsapp/events", "capi", "whatsapp.json", "application/json", "", []Event{
		{Channel: "whatsapp", Name: "LeadSubmitted", ID: "demo-chat-1", Fate: fault.Delivered},
	}},
	{"/v1/sources/store", "csv", "store.csv", "text/csv", "", []Event{
		{Channel: "store", Name: "Purchase", ID: "demo-receipt-1", Fate: fault.Delivered},
		{Channel: "store", Name: "Purchase", ID: "demo-receipt-2", Fate: fault.Delivered},
	}},
	{"/v1/crm/events", "capi", "crm.json", "application/json", "", []Event{
		{Channel: "crm", Name: "Qualified Lead", ID: "demo-lead-1", Fate: fault.Delivered},
	}},
	{"/v1/sources/cdp", "ndjson", "cdp.ndjson", "application/x-ndjson", "", []Event{
		{Channel: "cdp", Name: "Subscribe", ID: "demo-subscribe-1", Fate: fault.Delivered},
		{Channel: "cdp", Name: "Subscribe", ID: "demo-silent-1", Fate: fault.Dropped, Reason: fault.Consent},
	}},
	{"/v1/platform/events", "capi", "platform.json", "application/json", "", []Event{
		{Channel: "platform", Name: "Purchase", ID: "shopify-order-1003", Fate: fault.Delivered},
	}},
	{"/v1/tagmanager/events", "capi", "tagmanager.json", "application/json", "", []Event{
		{Channel: "tagmanager", Name: "InitiateCheckout", ID: "demo-tag-1", Fate: fault.Delivered},
	}},
	{"/v1/website/collect?source=website", "collect", "again.json", "text/plain;charset=UTF-8", page, []Event{
		{Channel: "website", Name: "Purchase", ID: "demo-order-1001", Fate: fault.Dropped, Reason: fault.Duplicate},
	}},
	{"/v25.0/1234567890123456/events", "capi", "server.json", "application/json", "", []Event{
		{Channel: "website", Name: "Purchase", ID: "demo-refused-1", Fate: fault.Dead, Reason: fault.Refused},
		{Channel: "website", Name: "", ID: "demo-nameless-1", Fate: fault.Dead, Reason: fault.MissingField},
	}},
}

// Events are all events of the samples and of the recorded requests, in the order in which they are sent.
func Events() ([]Event, error) {
	var all []Event
	for _, p := range posts {
		for _, e := range p.events {
			e.Format = p.format
			all = append(all, e)
		}
	}
	cases, err := chosen()
	if err != nil {
		return nil, err
	}
	for _, c := range cases {
		events, err := eventsOf(c)
		if err != nil {
			return nil, err
		}
		all = append(all, events...)
	}
	return all, nil
}

// body returns the text of a sample file, its times made recent.
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
