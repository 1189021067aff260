package mapping

import (
	"bytes"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/identity"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// ga4mpMapper maps events of Google's Measurement Protocol (ga4.mp). Servers and apps post them: whose they are stands
// beside them, for all events of the request; the request itself is not the visitor's.
type ga4mpMapper struct{}

func (ga4mpMapper) Default() string { return "website" }
func (ga4mpMapper) Names() *Names   { return ga4Names }

func (m ga4mpMapper) Map(in *Input, out *Output) error {
	var when, device []byte
	app := false
	out.Index.Object(in.Raw.Context, func(key, value []byte) bool {
		switch string(key) {
		case "client_id":
			out.People.GAClient = out.text(value)
		case "app_instance_id":
			app = !isEmpty(value)
			out.People.GAClient = out.text(value)
		case "user_id":
			out.People.User = out.text(value)
		case "timestamp_micros":
			when = value
		case "ip_override":
			out.userValue(identity.ClientIPAddress, value)
		case "user_agent":
			out.userValue(identity.ClientUserAgent, value)
		case "user_data":
			out.googleUser(value)
		case "consent":
			out.Consent = value
		case "device":
			device = value
		}
		return true
	})
	params, own, err := m.event(in, out)
	if err != nil {
		return err
	}
	if !isEmpty(own) {
		when = own
	}
	if err := out.eventTime(when); err != nil {
		return fault.New(fault.InvalidField, "timestamp_micros")
	}
	out.arrival(in.Raw.Time)
	out.Index.Object(params, func(key, value []byte) bool {
		out.googleParam(key, value, true)
		return true
	})
	out.googleCart(in)
	if app {
		out.Event.ActionSource = sourceApp
		out.googleDevice(device)
	}
	return nil
}

func (ga4mpMapper) event(in *Input, out *Output) (params, when []byte, err error) {
	var name []byte
	if !out.Index.Object(in.Raw.Item, func(key, value []byte) bool {
		switch string(key) {
		case "name":
			name = value
		case "params":
			params = value
		case "timestamp_micros":
			when = value
		}
		return true
	}) {
		return nil, nil, fault.New(fault.Undecodable, "item")
	}
	if isEmpty(name) {
		return nil, nil, fault.New(fault.MissingField, "name")
	}
	if jsonscan.Kind(name) != 's' {
		return nil, nil, fault.New(fault.InvalidField, "name")
	}
	return params, when, out.name(name)
}

// googleDevice makes app_data of Google's device.
func (o *Output) googleDevice(obj []byte) {
	var d device
	o.Index.Object(obj, func(key, value []byte) bool {
		switch string(key) {
		case "operating_system":
			d.platform = platformOf(o.text(value))
		case "operating_system_version":
			d.osVersion = o.text(value)
		case "model":
			d.model = o.text(value)
		case "language":
			d.locale = o.text(value)
		case "screen_resolution":
			d.width, d.height, _ = bytes.Cut(o.text(value), []byte{'x'})
		}
		return true
	})
	o.appData(&d)
}
