package ga4mp

import (
	"bytes"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/format/dialect/google"
	"github.com/omnicapi/omnicapi/pkg/format/mapping"
	"github.com/omnicapi/omnicapi/pkg/identity"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// Mapper maps events of Google's Measurement Protocol (ga4.mp). Servers and apps post them: whose they are stands
// beside them, for all events of the request; the request itself is not the visitor's.
type Mapper struct{}

// Map implements mapping.Mapper.
func (m Mapper) Map(in *mapping.Input, out *mapping.Output) error {
	var when, device []byte
	app := false
	out.Index.Object(in.Raw.Context, func(key, value []byte) bool {
		switch string(key) {
		case memberClient:
			out.People.GAClient = out.IDText(value)
		case memberInstance:
			app = !mapping.IsEmpty(value)
			out.People.GAClient = out.IDText(value)
		case memberUser:
			out.People.User = out.IDText(value)
		case memberTime:
			when = value
		case "ip_override":
			out.AddUserValue(identity.ClientIPAddress, value)
		case "user_agent":
			out.AddUserValue(identity.ClientUserAgent, value)
		case "user_data":
			out.ReadUser(value, true)
		case "consent":
			out.ReadConsent(value)
		case "device":
			device = value
		case memberProperties:
			readProperties(out, value)
		default:
			out.ReadPermission(key, value)
		}
		return true
	})
	params, own, err := m.event(in, out)
	if err != nil {
		return err
	}
	out.ReadTime(in.Zone, own, when)
	out.DefaultTime(in.Raw.Time)
	var hit google.Hit
	out.Object(params, func(key, value []byte) bool {
		hit.Param(out, key, value, true)
		return true
	})
	hit.Cart(out, in)
	if app {
		out.Event.ActionSource = mapping.SourceApp
		googleDevice(out, device)
	}
	return nil
}

// readProperties reads what the user's properties ({"name":{"value":…}}) say of how the event may be used.
func readProperties(out *mapping.Output, obj []byte) {
	out.Object(obj, func(key, property []byte) bool {
		if value := jsonscan.Get(property, "value"); value != nil {
			property = value
		}
		out.ReadWish(key, property)
		return true
	})
}

func (Mapper) event(in *mapping.Input, out *mapping.Output) (params, when []byte, err error) {
	var name []byte
	if !out.Index.Object(in.Raw.Item, func(key, value []byte) bool {
		switch string(key) {
		case "name":
			name = value
		case "params":
			params = value
		case memberTime:
			when = value
		}
		return true
	}) {
		return nil, nil, fault.New(fault.Undecodable, "item")
	}
	if mapping.IsEmpty(name) {
		return nil, nil, fault.New(fault.MissingField, "name")
	}
	if jsonscan.Kind(name) != 's' {
		return nil, nil, fault.New(fault.InvalidField, "name")
	}
	return params, when, out.ReadName(name)
}

// googleDevice makes app_data of Google's device.
func googleDevice(o *mapping.Output, obj []byte) {
	var d mapping.Device
	o.Object(obj, func(key, value []byte) bool {
		switch string(key) {
		case "operating_system":
			d.Platform = mapping.PlatformOf(o.Text(value))
		case "operating_system_version":
			d.OsVersion = o.Text(value)
		case "model":
			d.Model = o.Text(value)
		case "language":
			d.Locale = o.Text(value)
		case "screen_resolution":
			d.Width, d.Height, _ = bytes.Cut(o.Text(value), []byte{'x'})
		}
		return true
	})
	o.AddDevice(&d)
}
