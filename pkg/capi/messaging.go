package capi

import (
	"slices"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/identity"
)

// messagingNames are the event names that business messaging takes (subcode 2804066 for others): the five that were seen
// to be accepted, and those of Meta's list for messaging.
var messagingNames = []string{
	"Purchase", "LeadSubmitted", "AddToCart", "InitiateCheckout", "ViewContent",
	"QualifiedLead", "OrderCreated", "OrderShipped", "OrderDelivered", "OrderCanceled", "OrderReturned", "CartAbandoned",
	"RatingProvided", "ReviewProvided",
}

// The messaging channels.
var whatsapp, messenger, instagram = []byte("whatsapp"), []byte("messenger"), []byte("instagram")

// webKeys are match keys of a browser, which mean nothing in a conversation.
var webKeys = []identity.Key{identity.ClientIPAddress, identity.ClientUserAgent, identity.Fbc, identity.Fbp}

// businessKeys identify the business of an event, not the person.
var businessKeys = identity.PageID.Bit() | identity.WhatsAppBusinessAccountID.Bit() | identity.IgAccountID.Bit() |
	identity.InstagramBusinessAccountID.Bit()

// messaging checks business_messaging: name, channel, the channel's ids; web facts are left out.
func (v *validation) messaging() *fault.Error {
	e, h := v.e, v.h
	if string(e.ActionSource) != "business_messaging" {
		if len(e.Messaging) > 0 {
			e.Messaging = nil
			v.drop("messaging_channel", DropNotAllowed)
		}
		return nil
	}
	if !slices.Contains(messagingNames, string(e.Name)) {
		return fault.New(fault.InvalidField, "event_name")
	}
	if len(e.SourceURL) > 0 {
		e.SourceURL = nil
		v.drop("event_source_url", DropNotAllowed)
	}
	for _, k := range webKeys {
		if h.Remove(k) {
			v.drop(k.String(), DropNotAllowed)
		}
	}
	if h.Mask()&^businessKeys == 0 { // nobody: an identity store may know the click behind the conversation
		return fault.New(fault.NoIdentity, "")
	}
	channel := trimSpace(e.Messaging)
	switch {
	case len(channel) == 0:
		return fault.New(fault.MissingField, "messaging_channel")
	case equalFold(channel, whatsapp):
		e.Messaging = whatsapp
		return needs(h, identity.CtwaClid, identity.WhatsAppBusinessAccountID, identity.PageID)
	case equalFold(channel, messenger):
		e.Messaging = messenger
		return needs(h, identity.PageScopedUserID, identity.PageID)
	case equalFold(channel, instagram):
		e.Messaging = instagram
		return needs(h, identity.IgSID, identity.InstagramBusinessAccountID, identity.IgAccountID)
	}
	return fault.New(fault.InvalidField, "messaging_channel")
}

// needs requires the person's id and one of the business's ids.
func needs(h *Hashed, person identity.Key, business ...identity.Key) *fault.Error {
	if !h.Has(person) {
		return fault.New(fault.MissingField, "user_data."+person.String())
	}
	if slices.ContainsFunc(business, h.Has) {
		return nil
	}
	return fault.New(fault.MissingField, "user_data."+business[0].String())
}
