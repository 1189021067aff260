package adjust

import (
	"bytes"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/format/dialect/appevent"
	"github.com/omnicapi/omnicapi/pkg/format/mapping"
	"github.com/omnicapi/omnicapi/pkg/identity"
)

// Mapper maps the callbacks of Adjust, made of a URL template that we hand out. Events have free names, which can
// be edited, and tokens, which cannot: the source's events table may have either, the token's row counts first.
type Mapper struct{}

// Map implements mapping.Mapper.
func (Mapper) Map(in *mapping.Input, out *mapping.Output) error {
	var e adjustEvent
	if !out.Index.Object(in.Raw.Item, func(key, value []byte) bool {
		if text := out.Text(value); len(text) > 0 && !isPlaceholder(text) && !e.phone(key, text) {
			e.member(out, key, value, text)
		}
		return true
	}) {
		return fault.New(fault.Undecodable, "item")
	}
	if out.Event.Name = e.eventName(in); out.Event.Name == nil {
		return fault.New(fault.MissingField, "event_name")
	}
	if _, drop, _ := in.MetaName(appevent.Names, out); drop {
		return nil
	}
	if _, own := in.Events[string(e.kind)]; !own && e.lifecycle() {
		return fault.New(fault.Unmapped, "activity_kind")
	}
	out.ReadTime(in.Zone, e.when, e.received)
	out.DefaultTime(in.Raw.Time)
	out.AddDevice(&e.device)
	return nil
}

// adjustEvent is what of a callback must be seen together; all texts but the times, which are raw.
type adjustEvent struct {
	kind, token, name []byte
	when, received    []byte
	device            mapping.Device
}

// isPlaceholder says whether Adjust left a placeholder as it was; an object of JSON is none.
func isPlaceholder(text []byte) bool {
	return len(text) > 2 && text[0] == '{' && text[len(text)-1] == '}' && !bytes.ContainsAny(text, `":`)
}

// lifecycle says whether the callback tells what happened to the app (an install, a session) and no event of the app's own.
// Meta has no names for these, whichever kinds Adjust adds.
func (e *adjustEvent) lifecycle() bool { return len(e.kind) > 0 && string(e.kind) != "event" }

// eventName is the event's name or token, or what happened to the app.
func (e *adjustEvent) eventName(in *mapping.Input) []byte {
	if e.lifecycle() {
		return e.kind
	}
	if _, own := in.Events[string(e.token)]; own || e.name == nil {
		return e.token
	}
	return e.name
}

func (e *adjustEvent) member(out *mapping.Output, key, value, text []byte) {
	switch string(key) {
	case "activity_kind":
		e.kind = text
	case "event":
		e.token = text
	case "event_name":
		e.name = text
	case "created_at":
		e.when = value
	case "received_at": // by Adjust's own clock
		e.received = value
	case "gps_adid", "idfa":
		out.Event.User.Add(identity.Madid, identity.Auto, text)
	case "adid":
		out.Event.User.Add(identity.AnonID, identity.Auto, text)
	case "ip_address":
		out.Event.User.Add(identity.ClientIPAddress, identity.Auto, text)
	case "user_agent":
		out.Event.User.Add(identity.ClientUserAgent, identity.Auto, text)
	case "user_id", "customer_id", "external_device_id": // the last is the app's id of the person, which Adjust sends as it is
		out.Event.User.Add(identity.ExternalID, identity.Auto, text)
	case "partner_parameters", "partner_params", "callback_parameters", "callback_params", "publisher_parameters":
		out.ReadOwnData(value)
	case "revenue_float":
		out.SetValue(value)
	case "currency":
		out.SetText(&out.Event.Custom.Currency, mapping.FieldCurrency, value)
	case "order_id", "transaction_id":
		if !out.HasMember("order_id") {
			out.AddScalar(mapping.KeyOrderID, value)
		}
	default: // the app's own callback parameters
		if k, ok := identity.KeyOf(key); ok && (k.List() || k == identity.Fbc || k == identity.Fbp) {
			out.Event.User.Add(k, identity.Auto, text)
		} else if !ok {
			out.ReadWish(key, value)
		}
	}
}

// phone reads what is said of the device and the app.
func (e *adjustEvent) phone(key, text []byte) bool {
	d := &e.device
	switch string(key) {
	case "os_name":
		d.Platform = mapping.PlatformOf(text)
	case "os_version":
		d.OsVersion = text
	case "app_id":
		d.Pkg = text
	case "app_version":
		d.Version = text
	case "device_name":
		d.Model = text
	case "language":
		d.Locale = text
	case "idfv":
		d.Vendor = text
	case "timezone":
		d.Zone = text
	case "tracking_enabled":
		d.Tracking = flagOf(text)
	case "tracking_limited":
		if d.Tracking == nil {
			d.Tracking = mapping.Opposite(flagOf(text))
		}
	default:
		return false
	}
	return true
}

// flagOf reads a flag's text; what is none is no permission.
func flagOf(text []byte) []byte {
	switch string(text) {
	case "1", "true", "True", "TRUE":
		return mapping.One
	}
	return mapping.Zero
}
