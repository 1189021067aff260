package mapping

import (
	"github.com/omnicapi/omnicapi/pkg/capi"
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// capiMapper maps Meta's own server events as SDKs, tags and people's scripts send them (formats capi and ndjson). The
// request came from a server: its address and agent are not the customer's and never used.
type capiMapper struct{ params bool }

func (capiMapper) Default() string { return "" }
func (capiMapper) Names() *Names   { return nil }

func (m capiMapper) Map(in *Input, out *Output) error {
	if m.params {
		out.params(in.Raw.Context)
	}
	out.Consent = out.Index.Get(in.Raw.Context, "consent")
	return out.serverEvent(in.Raw.Item, "user_data", true)
}

// serverEvent reads an event object. userName is the member that holds the person; facts: see user.
func (o *Output) serverEvent(item []byte, userName string, facts bool) error {
	var err error
	var offline offlineEvent
	ok := o.Index.Object(item, func(key, value []byte) bool {
		switch {
		case string(key) == userName:
			err = o.user(value, userName, facts)
		case offline.member(key, value):
		default:
			err = o.eventMember(key, value, facts)
		}
		return err == nil
	})
	switch {
	case !ok:
		return fault.New(fault.Undecodable, "item")
	case err != nil:
		return err
	}
	return offline.fill(o, item)
}

func (o *Output) eventMember(key, value []byte, facts bool) error {
	e := &o.Event
	switch string(key) {
	case "event_name":
		return o.name(value)
	case "event_time":
		return o.eventTime(value)
	case "event_id": // fixed at ingest
	case "action_source":
		o.take(&e.ActionSource, fieldActionSource, value)
	case "event_source_url":
		o.take(&e.SourceURL, fieldSourceURL, value)
	case "referrer_url":
		o.take(&e.ReferrerURL, fieldReferrerURL, value)
	case "messaging_channel":
		o.take(&e.Messaging, fieldMessaging, value)
	case "user_data":
		return o.user(value, "user_data", facts)
	case "client_ip_address", "client_user_agent", "fbp", "fbc": // our collector's servers have them here
		o.userMember(key, value, facts)
	case "wa_id": // of a WhatsApp business event; the click behind it is the identity store's to know
		o.People.WhatsApp = o.text(value)
	case "custom_data":
		o.custom(value)
	case "contents": // Meta's Postman collection has it beside custom_data
		if len(e.Custom.Contents) == 0 {
			o.contents(value)
		}
	case "app_data":
		o.app(value)
	case "original_event_data", "attribution_data", "customer_segmentation", "advanced_measurement_table":
		if !isEmpty(value) {
			e.Extra = append(e.Extra, capi.Member{Key: key, Value: value})
		}
	case "advertiser_tracking_enabled": // Meta's Node SDK sends it here too
		if e.App.AdvertiserTracking == nil {
			o.flag(&e.App.AdvertiserTracking, fieldAdvertiser, value)
		}
	default:
		if !o.permission(key, value) && !isEmpty(value) {
			o.drop(fieldEvent, unknown)
		}
	}
	return nil
}

// permission reads what a member says of how the event may be used: consent, opt_out, Limited Data Use. false: it is none
// of these.
func (o *Output) permission(key, value []byte) bool {
	switch string(key) {
	case "consent":
		if !isEmpty(value) {
			o.Consent = value
		}
	case fieldOptOut:
		o.optOut(value)
	case fieldOptions, fieldOptCountry, fieldOptState:
		o.processing(key, value)
	default:
		return false
	}
	return true
}

// name reads event_name: a text, byte for byte, since a pixel's twin has the same.
func (o *Output) name(value []byte) error {
	if isEmpty(value) {
		return nil // validate misses it
	}
	if jsonscan.Kind(value) != 's' {
		return fault.New(fault.InvalidField, "event_name")
	}
	o.Event.Name = o.text(value)
	return nil
}

func (o *Output) optOut(value []byte) {
	if isEmpty(value) {
		return
	}
	switch b := o.bit(value); {
	case b == nil:
		o.drop(fieldOptOut, malformed)
	case b[0] == '1':
		o.Event.OptOut = yes
	default:
		o.Event.OptOut = no
	}
}

// processing reads Limited Data Use. An empty list is kept: it says "off".
func (o *Output) processing(key, value []byte) {
	e := &o.Event
	kind := jsonscan.Kind(value)
	if kind == 'z' {
		return
	}
	switch string(key) {
	case fieldOptions:
		switch {
		case kind == 'a':
			e.Options = value
		case kind == 's' && len(value) > 2:
			e.Options = o.listOf(value)
		default:
			o.drop(fieldOptions, malformed)
		}
	case fieldOptCountry:
		o.integer(&e.OptCountry, fieldOptCountry, value)
	case fieldOptState:
		o.integer(&e.OptState, fieldOptState, value)
	}
}

func (o *Output) listOf(value []byte) []byte {
	start := len(o.scratch)
	o.scratch = append(o.scratch, '[')
	o.scratch = append(o.scratch, value...)
	o.scratch = append(o.scratch, ']')
	return o.scratch[start:len(o.scratch):len(o.scratch)]
}

func (o *Output) integer(dst *[]byte, field string, value []byte) {
	if isEmpty(value) {
		return
	}
	if t := o.text(value); len(t) > 0 && digits(t) == len(t) {
		*dst = t
		return
	}
	o.drop(field, malformed)
}
