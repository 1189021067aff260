package mapping

import (
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/identity"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// whatsappMapper maps what the WhatsApp Cloud API's webhook brings: the conversions that Meta found itself
// (automatic_events) are events, the referral of a message is a fact.
type whatsappMapper struct{}

func (whatsappMapper) Default() string { return "business_messaging" }
func (whatsappMapper) Names() *Names   { return nil }

func (whatsappMapper) Map(in *Input, out *Output) error {
	var automatic, account []byte
	referral := false
	ok := out.Index.Object(in.Raw.Item, func(key, value []byte) bool {
		switch string(key) {
		case "automatic_event":
			automatic = value
		case "account":
			account = value
		case "message":
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
	out.userValue(identity.WhatsAppBusinessAccountID, account)
	var err error
	out.Index.Object(automatic, func(key, value []byte) bool {
		switch string(key) {
		case "event_name":
			err = out.name(value)
		case "timestamp":
			err = out.eventTime(value)
		case "ctwa_clid":
			out.userValue(identity.CtwaClid, value)
		case "custom_data":
			out.custom(value)
		}
		return err == nil
	})
	if err != nil {
		return err
	}
	out.arrival(in.Raw.Time)
	return nil
}
