package handle

import (
	"bytes"
	"strconv"
	"time"

	"github.com/omnicapi/omnicapi/pkg/capi"
	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/format/mapping"
	"github.com/omnicapi/omnicapi/pkg/identity"
)

// oldestClaim is how long before its arrival an unproven sender's event can have been: pages tell of now, and of what a device
// without a network kept for a day.
const oldestClaim = 24 * time.Hour

// serverSource is the action_source of what a business's own systems make.
const serverSource = "system_generated"

// believe leaves out what the sender cannot know. Of one that proved nothing that is all but what a page or an app sees itself: where
// it stands, what is in the cart, who is logged in. An action_source that is not the source's gives way to the source's own.
func (h *Handler) believe(s *Scratch) {
	s.step = "believe"
	e := &s.out.Event
	unproven := s.raw.Trust == event.Unproven
	if len(e.ActionSource) > 0 && !s.src.says(e.ActionSource, unproven) {
		switch {
		case unproven:
			e.ActionSource = s.src.defaults.ActionSource
			s.drop(mapping.FieldActionSource, mapping.Unproven)
		case s.format.AnySource && s.src.completes(e):
			e.ActionSource = s.src.defaults.ActionSource
			s.drop(mapping.FieldActionSource, mapping.OtherChannel)
		}
	}
	if !unproven {
		return
	}
	if len(e.ActionSource) == 0 && !s.src.defaults.Explicit && s.format.ActionSource == serverSource {
		e.ActionSource = s.src.defaults.ActionSource // no page is a system
	}
	if e.TimeSet && e.Time < s.raw.Time.Add(-oldestClaim).Unix() {
		e.Time = s.raw.Time.Unix()
		s.drop(mapping.FieldEventTime, mapping.Unproven)
	}
	if s.src.limited.Weaker(e) {
		e.Options, e.OptCountry, e.OptState = nil, nil, nil
		s.drop(mapping.FieldOptions, mapping.Unproven)
	}
	if len(s.out.Params) > 0 {
		s.out.Params = nil
		s.drop(mapping.FieldParams, mapping.Unproven)
	}
	e.Extra = s.without(e.Extra, mapping.FieldEvent, "")
	e.Custom.Members = s.without(e.Custom.Members, mapping.FieldCustom, serverMembers...)
	s.dropServerKeys()
}

// serverMembers are members of custom_data that only a shop's own books say.
var serverMembers = []string{"net_revenue", "predicted_ltv", "customer_segmentation"}

// without leaves out the members of these names; of "": all.
func (s *Scratch) without(list []capi.Member, field string, names ...string) []capi.Member {
	kept := list[:0]
next:
	for _, m := range list {
		for _, name := range names {
			if name == "" || string(m.Key) == name {
				s.drop(field, mapping.Unproven)
				continue next
			}
		}
		kept = append(kept, m)
	}
	return kept
}

// dropServerKeys leaves out the match keys that Meta's own servers, or a shop's, tell each other.
func (s *Scratch) dropServerKeys() {
	values := s.out.Event.User.Values
	kept := values[:0]
	for i := range values {
		switch values[i].Key {
		case identity.SubscriptionID, identity.FbLoginID, identity.LeadID, identity.PageID, identity.PageScopedUserID, identity.CtwaClid,
			identity.WhatsAppBusinessAccountID, identity.IgAccountID, identity.InstagramBusinessAccountID, identity.IgSID:
			s.drop(values[i].Key.String(), mapping.Unproven)
		default:
			kept = append(kept, values[i])
		}
	}
	s.out.Event.User.Values = kept
}

// channelSources are the action_sources of each channel; those of a channel that is not here carry events of every kind.
var channelSources = map[string][][]byte{
	"website":  {[]byte("website")},
	"app":      {[]byte("app")},
	"whatsapp": {[]byte("business_messaging"), []byte("chat")},
	"store":    {[]byte("physical_store")},
	"crm":      {[]byte("system_generated"), []byte("phone_call"), []byte("email"), []byte("chat"), []byte("other")},
}

// clientSources are those of what an unproven sender can be, beside the source's default: the SDKs of a CDP run in pages and in apps.
var clientSources = map[string][][]byte{"cdp": {[]byte("website"), []byte("app")}}

// says says whether an action_source is one of the source's: its default, one that the configuration allows, or one of its
// channel's.
func (s *source) says(actionSource []byte, unproven bool) bool {
	is := func(known []byte) bool { return bytes.EqualFold(bytes.TrimSpace(actionSource), known) }
	if is(s.defaults.ActionSource) {
		return true
	}
	for _, allowed := range s.sources {
		if is(allowed) {
			return true
		}
	}
	of, limited := channelSources[s.channel]
	if unproven {
		of, limited = clientSources[s.channel], true
	}
	for _, known := range of {
		if is(known) {
			return true
		}
	}
	return !limited
}

// completes says whether an event lives with the source's own action_source: where that asks for members that it does not have, a
// proven sender's word stays, lest the event be lost for it.
func (s *source) completes(e *capi.Event) bool {
	switch string(s.defaults.ActionSource) {
	case "app":
		return e.App.AdvertiserTracking != nil && e.App.ApplicationTracking != nil
	case "business_messaging":
		return false
	}
	return true
}

// limitValue leaves out a value that an unproven sender cannot be believed; a purchase, which is none without it, ends.
func (h *Handler) limitValue(s *Scratch) *fault.Error {
	custom := &s.out.Event.Custom
	if s.raw.Trust != event.Unproven || custom.Value == nil || s.src.maxValue < 0 {
		return nil
	}
	most := s.src.maxValue
	if most == 0 {
		most = mostValue(custom.Currency)
	}
	if v, err := strconv.ParseFloat(string(custom.Value), 64); err == nil && v <= most && v >= -most {
		return nil
	}
	s.step = "believe"
	s.drop(mapping.FieldValue, mapping.TooHigh)
	if string(s.out.Event.Name) == "Purchase" {
		return fault.New(fault.ValueTooHigh, mapping.FieldValue)
	}
	custom.Value = nil
	return nil
}
