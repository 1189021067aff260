// Package enrich completes an event with what is known besides it: the visitor's request, the sender's own ids of the
// person, the source's defaults, and the answers of a lead. The normalizer's enrich step calls it between consent and
// hashing. It refuses to invent: no fbc without a real fbclid, no fbp, no address of a server, no country as a match
// key.
package enrich

import (
	"github.com/omnicapi/omnicapi/pkg/capi"
	"github.com/omnicapi/omnicapi/pkg/format/mapping"
	"github.com/omnicapi/omnicapi/pkg/identity"
)

// Defaults are the values that a source gives to events without their own.
type Defaults struct {
	ActionSource []byte // of the source's configuration, else the channel's
	Explicit     bool   // the configuration names ActionSource: it goes before the format's
	Currency     []byte
	SourceURL    []byte
	Messaging    []byte // messaging_channel of business_messaging events
}

// Apply completes the event of out. format is the action_source of the source's format, "" if the channel decides.
func Apply(out *mapping.Output, d *Defaults, format string) {
	e := &out.Event
	actionSource(e, d, format)
	out.CompletePages(d.SourceURL)
	out.CompleteCurrency()
	defaults(e, d)
	address(e, &out.Browser)
	browser(e, &out.Browser)
	clickID(e, &out.Browser)
	people(e, &out.People)
	messaging(e, &out.People)
}

// actionSource sets action_source. The event's own goes first, then the configured one of the source, the format's, the
// channel's.
func actionSource(e *capi.Event, d *Defaults, format string) {
	switch {
	case len(e.ActionSource) > 0:
	case d.Explicit || format == "":
		e.ActionSource = d.ActionSource
	default:
		e.ActionSource = e.Keep([]byte(format))
	}
}

func defaults(e *capi.Event, d *Defaults) {
	if e.Custom.Value != nil && len(e.Custom.Currency) == 0 {
		e.Custom.Currency = d.Currency
	}
	if len(e.SourceURL) == 0 && string(e.ActionSource) == "website" {
		e.SourceURL = d.SourceURL
	}
	if len(e.Messaging) == 0 && string(e.ActionSource) == "business_messaging" {
		e.Messaging = d.Messaging
	}
}

// browser adds the visitor's user agent and fbp where the event has none of its own.
func browser(e *capi.Event, b *mapping.Browser) {
	add(e, identity.ClientUserAgent, b.UserAgent)
	if !identity.IsClick(value(e, identity.Fbp)) && identity.IsClick(b.Fbp) {
		e.User.Add(identity.Fbp, identity.Auto, b.Fbp)
	}
}

// add adds the value of a key in clear, unless the event has one.
func add(e *capi.Event, k identity.Key, text []byte) {
	if len(text) > 0 && value(e, k) == nil {
		e.User.Add(k, identity.Auto, text)
	}
}

func value(e *capi.Event, k identity.Key) []byte {
	for i := range e.User.Values {
		if e.User.Values[i].Key == k {
			return e.User.Values[i].Text
		}
	}
	return nil
}

// people makes external_ids of the sender's own ids, those that last longest first. Equal ones are removed after
// hashing.
func people(e *capi.Event, p *mapping.People) {
	e.User.Add(identity.ExternalID, identity.Auto, p.Membership)
	e.User.Add(identity.ExternalID, identity.Auto, p.User)
	e.User.Add(identity.ExternalID, identity.Auto, p.GAClient)
}
