package stape

import (
	"time"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/format/dialect/fbpixel"
	"github.com/omnicapi/omnicapi/pkg/format/dialect/google"
	"github.com/omnicapi/omnicapi/pkg/format/mapping"
	"github.com/omnicapi/omnicapi/pkg/identity"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// Mapper maps what Stape's Data Tag sends to a Data Client (stape): an event in Google's common names, beside those
// that the Data Client takes for them. A page's request is the visitor's own; a server speaks for the visitor.
type Mapper struct{}

// Map implements mapping.Mapper.
func (Mapper) Map(in *mapping.Input, out *mapping.Output) error {
	server := jsonscan.Kind(out.Index.Get(in.Raw.Context, storedServer)) == 't'
	if !server {
		out.ReadBrowser(in.Raw)
	}
	e := stapeEvent{server: server, zone: in.Zone}
	var err error
	read := func(key, value []byte) bool {
		err = e.member(out, key, value)
		return err == nil
	}
	out.Index.Object(in.Raw.Context, read)
	if err != nil {
		return err
	}
	if !out.Index.Object(in.Raw.Item, read) {
		return fault.New(fault.Undecodable, "item")
	}
	if err != nil {
		return err
	}
	name := mapping.First(e.name, e.event, e.plain)
	if mapping.IsEmpty(name) {
		return fault.New(fault.MissingField, "event_name")
	}
	if err := out.ReadName(name); err != nil {
		return err
	}
	e.hit.Cart(out, in)
	e.hit.ReadConsent(out)
	if !server {
		out.CompleteVisit(in.Raw.Time)
	}
	out.DefaultTime(in.Raw.Time)
	return nil
}

// stapeEvent is what of an event must be seen together.
type stapeEvent struct {
	server      bool
	zone        *time.Location
	name, event []byte
	plain       []byte // name, the event's where nothing else names it
	hit         google.Hit
}

// member reads a member of the query or the event. The event's are read last, and count where both say something.
func (e *stapeEvent) member(o *mapping.Output, key, value []byte) error {
	switch string(key) {
	case "event_name", "eventName":
		e.name = value
	case "event", "eventModel":
		if jsonscan.Kind(value) == 'o' { // the event in an object of its own
			return e.members(o, value)
		}
		e.event = value
	case "name":
		e.plain = value
	case "event_time":
		o.ReadTime(e.zone, value)
	case "pageLocation", "url", "href":
		if len(o.Event.SourceURL) == 0 {
			o.SetText(&o.Event.SourceURL, mapping.FieldSourceURL, value)
		}
	case "pageReferrer", "referrer":
		if len(o.Event.ReferrerURL) == 0 {
			o.SetText(&o.Event.ReferrerURL, mapping.FieldReferrerURL, value)
		}
	case "pageHostname", "hostname":
		o.Browser.Host = o.Text(value)
	case "pagePath":
		o.Browser.Path = o.Text(value)
	case "event_source_url":
		o.SetText(&o.Event.SourceURL, mapping.FieldSourceURL, value)
	case "referrer_url":
		o.SetText(&o.Event.ReferrerURL, mapping.FieldReferrerURL, value)
	case "action_source", "actionSource":
		o.SetText(&o.Event.ActionSource, mapping.FieldActionSource, value)
	case "messaging_channel":
		o.SetText(&o.Event.Messaging, mapping.FieldMessaging, value)
	case "custom_data":
		o.ReadCustom(o.Embedded(value))
	case "data_tag_custom_data": // the first Data Tag's: [{"name":…,"value":…}]
		var err error
		o.EachNamed(value, "name", func(name, v []byte) {
			if string(name) != "data_tag_custom_data" && err == nil {
				err = e.member(o, name, v)
			}
		})
		return err
	default:
		if !e.person(o, key, value) && !e.permission(o, key, value) {
			e.hit.Param(o, key, value, e.server)
		}
	}
	return nil
}

// members reads an object whose members are the event's.
func (e *stapeEvent) members(o *mapping.Output, obj []byte) (err error) {
	o.Index.Object(obj, func(key, value []byte) bool {
		err = e.member(o, key, value)
		return err == nil
	})
	return err
}

// person reads a member that says who the event is about; false: it is none.
func (e *stapeEvent) person(o *mapping.Output, key, value []byte) bool {
	switch string(key) {
	case "client_id", "data_client_id", "_dcid":
		o.People.GAClient = o.IDText(value)
	case "user_id", "userId":
		o.People.User = o.IDText(value)
	case "ip_override", "ip", "ipOverride":
		if e.server {
			o.AddUserValue(identity.ClientIPAddress, value)
		}
	case "user_agent", "userAgent":
		if e.server {
			o.AddUserValue(identity.ClientUserAgent, value)
		}
	case "common_cookie":
		o.Object(value, func(k, v []byte) bool {
			e.cookie(o, k, v)
			return true
		})
	case "_fbp", "_fbc":
		e.cookie(o, key, value)
	case "address":
		if k := jsonscan.Kind(value); k == 'o' || k == 'a' {
			o.ReadUserMember(key, value, e.server)
		}
	case "userEmail":
		o.AddUserValues(identity.Em, value)
	case "userPhoneNumber":
		o.AddUserValues(identity.Ph, value)
	case "userFirstName":
		o.AddUserValues(identity.Fn, value)
	case "userLastName":
		o.AddUserValues(identity.Ln, value)
	default:
		k, _, ok := mapping.UserKey(key)
		if !ok || !isPersons(k) {
			return false
		}
		o.ReadUserMember(key, value, e.server)
	}
	return true
}

// isPersons says whether a match key stands beside the event, where the Data Client and Stape's tag for Meta look for it.
func isPersons(k identity.Key) bool {
	switch k {
	case identity.SubscriptionID, identity.FbLoginID, identity.LeadID, identity.AnonID, identity.Madid:
		return true
	default:
		return k <= identity.ExternalID
	}
}

func (e *stapeEvent) cookie(o *mapping.Output, key, value []byte) {
	switch string(key) {
	case "_fbp":
		fbpixel.OwnCookie(o, &o.Browser.Fbp, value)
	case "_fbc":
		fbpixel.OwnCookie(o, &o.Browser.Fbc, value)
	case "_ga":
		if o.People.GAClient == nil {
			o.People.GAClient = mapping.GAClientID(o.Text(value))
		}
	}
}

// permission reads a member that says how the event may be used, as Google's tags and Stape's write it; false: it is none.
func (e *stapeEvent) permission(o *mapping.Output, key, value []byte) bool {
	return o.ReadPermission(key, value) || e.hit.Consent(key, value)
}
