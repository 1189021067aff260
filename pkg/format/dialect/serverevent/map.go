// Package serverevent is Meta's server event as JSON, which SDKs, gateways, collectors and files post: what names one, and
// how it is mapped, the deprecated offline event included.
package serverevent

import (
	"github.com/omnicapi/omnicapi/pkg/capi"
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/format/mapping"
)

// Mapper maps Meta's own server events as SDKs, tags and people's scripts send them (formats capi and ndjson). The
// request came from a server: its address and agent are not the customer's and never used.
type Mapper struct{ Params bool }

// Map implements mapping.Mapper.
func (m Mapper) Map(in *mapping.Input, out *mapping.Output) error {
	if m.Params {
		readParams(out, in.Raw.Context)
	}
	if err := Map(in, out, in.Raw.Item, "user_data", true); err != nil {
		return err
	}
	out.DefaultConsent(out.Index.Get(in.Raw.Context, "consent"))
	return out.NeedReadTime("event_time")
}

// Map reads an event object. userName is the member that holds the person; facts says whether the sender may speak for the
// visitor's browser (its address, agent and cookies).
func Map(in *mapping.Input, o *mapping.Output, item []byte, userName string, facts bool) error {
	var err error
	var offline offlineEvent
	ok := o.Index.Object(item, func(key, value []byte) bool {
		switch {
		case string(key) == userName:
			o.ReadUser(value, facts)
		case offline.member(key, value):
		default:
			err = Member(in, o, key, value, facts)
		}
		return err == nil
	})
	switch {
	case !ok:
		return fault.New(fault.Undecodable, "item")
	case err != nil:
		return err
	}
	offline.fill(o, item)
	return nil
}

// Member reads one member of an event; those that Meta does not know are dropped by name. facts: see Map.
func Member(in *mapping.Input, o *mapping.Output, key, value []byte, facts bool) error {
	e := &o.Event
	switch string(key) {
	case "event_name":
		return o.ReadName(value)
	case "event_time":
		o.ReadTime(in.Zone, value)
	case "event_id": // fixed at ingest
	case "action_source":
		o.SetText(&e.ActionSource, mapping.FieldActionSource, value)
	case "event_source_url":
		o.SetText(&e.SourceURL, mapping.FieldSourceURL, value)
	case "referrer_url":
		o.SetText(&e.ReferrerURL, mapping.FieldReferrerURL, value)
	case "messaging_channel":
		o.SetText(&e.Messaging, mapping.FieldMessaging, value)
	case "user_data", "userData":
		o.ReadUser(value, facts)
	case "client_ip_address", "client_user_agent", "fbp", "fbc": // our collector's servers have them here
		o.ReadUserMember(key, value, facts)
	case "wa_id": // of a WhatsApp business event; the click behind it is the identity store's to know
		o.People.WhatsApp = o.Text(value)
	case "custom_data":
		o.ReadCustom(value)
	case "contents": // Meta's Postman collection has it beside custom_data
		if len(e.Custom.Contents) == 0 {
			o.ReadContents(value)
		}
	case "app_data":
		appData(o, value)
	case "original_event_data", "attribution_data":
		if !mapping.IsEmpty(value) {
			e.Extra = append(e.Extra, capi.Member{Key: key, Value: passback(o, value)})
		}
	case "customer_segmentation", "advanced_measurement_table":
		if !mapping.IsEmpty(value) {
			e.Extra = append(e.Extra, capi.Member{Key: key, Value: value})
		}
	case "advertiser_tracking_enabled": // Meta's Node SDK sends it here too
		if e.App.AdvertiserTracking == nil {
			setFlag(o, &e.App.AdvertiserTracking, mapping.FieldAdvertiser, value)
		}
	default:
		if !o.ReadPermission(key, value) && !o.ReadUserPath(key, value, facts) && !mapping.IsEmpty(value) {
			o.Drop(mapping.FieldEvent, mapping.Unknown)
		}
	}
	return nil
}
