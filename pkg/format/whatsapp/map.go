package whatsapp

import (
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/format/mapping"
	"github.com/omnicapi/omnicapi/pkg/identity"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// Mapper maps what the WhatsApp Cloud API's webhook brings: the conversions that Meta found itself
// (automatic_events) are events, the referral of a message is a fact.
type Mapper struct{}

// Map implements mapping.Mapper.
func (Mapper) Map(in *mapping.Input, out *mapping.Output) error {
	var automatic, account []byte
	referral := false
	ok := out.Index.Object(in.Raw.Item, func(key, value []byte) bool {
		switch string(key) {
		case storedAutomatic:
			automatic = value
		case storedAccount:
			account = value
		case storedMessage:
			referral = true
		}
		return true
	})
	switch {
	case !ok:
		return fault.New(fault.Undecodable, "item")
	case automatic == nil && referral:
		return fault.New(fault.Fact, "referral")
	case jsonscan.Kind(automatic) != 'o':
		return fault.New(fault.Undecodable, "item")
	}
	out.AddUserValue(identity.WhatsAppBusinessAccountID, account)
	var err error
	out.Index.Object(automatic, func(key, value []byte) bool {
		switch string(key) {
		case "event_name":
			err = out.ReadName(value)
		case "timestamp":
			out.ReadTime(in.Zone, value)
		case "ctwa_clid":
			out.AddUserValue(identity.CtwaClid, value)
		case "custom_data":
			out.ReadCustom(value)
		}
		return err == nil
	})
	if err != nil {
		return err
	}
	out.DefaultTime(in.Raw.Time)
	return nil
}
