package mparticle

import (
	"net/http"
	"strings"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/pkg/identity"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// Receiver takes mParticle's requests apart.
type Receiver struct{}

// Claim reads Basic's key and secret; a webhook presents the secret alone as Authorization.
func (Receiver) Claim(r *http.Request) receive.Claim {
	c := receive.Claim{Name: r.URL.Query().Get("source")}
	if user, password, ok := r.BasicAuth(); ok {
		c.Key, c.Secret = user, password
		return c
	}
	c.Secret = strings.TrimSpace(r.Header.Get("Authorization"))
	return c
}

// Split reads a batch or an array of batches.
func (f Receiver) Split(in *receive.Input, b *receive.Batch) *receive.Refusal {
	return receive.OneOrMany(in.Body, "the body must be a batch or an array of batches", func(batch []byte) *receive.Refusal { return f.splitBatch(b, batch) })
}

func (f Receiver) splitBatch(b *receive.Batch, batch []byte) *receive.Refusal {
	if jsonscan.Kind(batch) != 'o' {
		return &receive.Refusal{Kind: receive.Unreadable, Detail: "a batch is not an object"}
	}
	shared, r := f.shared(b, batch)
	if r != nil {
		return r
	}
	events := b.Embedded(jsonscan.Get(batch, "events"))
	var refused *receive.Refusal
	n := 0
	if !jsonscan.Array(events, func(event []byte) bool {
		n++
		refused = f.addEvent(b, shared, event)
		return refused == nil
	}) && receive.IsPresent(events) {
		return &receive.Refusal{Kind: receive.Unreadable, Field: "events", Detail: "events must be an array"}
	}
	if refused == nil && n == 0 && len(shared) > len("{}") { // it only says something of a person
		return f.addEvent(b, shared, nil)
	}
	return refused
}

func (Receiver) addEvent(b *receive.Batch, shared, event []byte) *receive.Refusal {
	start := len(b.Scratch)
	b.Scratch = append(append(b.Scratch, `{"`+storedBatch+`":`...), shared...)
	if event != nil {
		b.Scratch = append(append(b.Scratch, `,"`+storedEvent+`":`...), event...)
	}
	b.Scratch = append(b.Scratch, '}')
	return b.Add(b.Scratch[start:len(b.Scratch):len(b.Scratch)])
}

// deviceFacts are the members of device_info that say whose and what device it is.
var deviceFacts = []string{
	"platform", "os_version", "device_model", "device_manufacturer", "locale_language", "locale_country", "network_carrier",
	"screen_width", "screen_height", "ios_advertising_id", "ios_idfv", "android_advertising_id", "android_uuid",
	"limit_ad_tracking", "att_authorization_status", "http_header_user_agent", "application_package",
}

// shared is what is kept of a batch with each of its events: attributes only by mParticle's own names, which begin with
// a dollar, and by those of match keys, since an app may have hundreds of its own.
func (Receiver) shared(b *receive.Batch, batch []byte) ([]byte, *receive.Refusal) {
	start := len(b.Scratch)
	d := append(b.Scratch, '{')
	member := func(key []byte) {
		if len(d) > start+1 {
			d = append(d, ',')
		}
		d = append(append(append(d, '"'), key...), '"', ':')
	}
	jsonscan.Object(batch, func(key, value []byte) bool {
		if jsonscan.Kind(value) == 'z' {
			return true
		}
		switch string(key) {
		case batchIdentities, batchApp, batchConsent, batchIP, batchTime, "mpid", "environment", "source_request_id":
			member(key)
			d = jsonscan.AppendCompact(d, value)
		case batchAttributes:
			member(key)
			d = appendMembers(d, value, isPersons)
		case batchDevice:
			member(key)
			d = appendMembers(d, value, isDeviceFact)
		}
		return true
	})
	d = append(d, '}')
	b.Scratch = d
	if len(d)-start > receive.MaxContext {
		return nil, &receive.Refusal{Kind: receive.TooLarge, Detail: "what a batch says beside its events is too large"}
	}
	return d[start:len(d):len(d)], nil
}

// isPersons says whether an attribute says who somebody is.
func isPersons(key []byte) bool {
	k, ok := identity.KeyOf(key)
	return len(key) > 0 && key[0] == '$' || ok && k.List()
}

func isDeviceFact(key []byte) bool {
	for _, name := range deviceFacts {
		if string(key) == name {
			return true
		}
	}
	return false
}

// appendMembers appends an object's members whose keys are wanted.
func appendMembers(d, obj []byte, want func(key []byte) bool) []byte {
	d = append(d, '{')
	first := true
	jsonscan.Object(obj, func(key, value []byte) bool {
		if !want(key) {
			return true
		}
		if !first {
			d = append(d, ',')
		}
		first = false
		d = jsonscan.AppendCompact(append(append(append(d, '"'), key...), '"', ':'), value)
		return true
	})
	return append(d, '}')
}

// Identify takes the client's id of the event, else mParticle's.
func (Receiver) Identify(in *receive.Input, item []byte, id *receive.Ident) fault.Reason {
	data := jsonscan.Get(jsonscan.Get(item, storedEvent), "data")
	var message, number []byte
	jsonscan.Object(data, func(key, value []byte) bool {
		switch string(key) {
		case "source_message_id":
			message = in.FirstText(value)
		case "event_id":
			number = in.FirstText(value)
		case "timestamp_unixtime_ms":
			id.HasTime = receive.IsPresent(value)
		}
		return true
	})
	id.EventID = receive.FirstOf(receive.UsableID(message), receive.UsableID(number))
	batch := jsonscan.Get(item, storedBatch)
	identities := jsonscan.Get(batch, batchIdentities)
	id.Person = receive.FirstOf(
		in.FirstText(jsonscan.Get(identities, "customer_id")),
		in.FirstText(jsonscan.Get(batch, "mpid")),
		in.FirstText(jsonscan.Get(identities, "email")),
	)
	return fault.None
}
