package capi

import (
	"slices"
	"time"
	"unicode/utf8"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/identity"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// Drop is why Validate leaves a value out: a closed list, a metric label beside identity.Drop's.
type Drop string

// The drops of Validate.
const (
	DropEmpty      Drop = "empty"       // an empty text, array or object
	DropMalformed  Drop = "malformed"   // not a value of this field
	DropNotAllowed Drop = "not_allowed" // Meta does not take the field with this action_source
	DropIncomplete Drop = "incomplete"  // means nothing without another field: value without currency
	DropRepeated   Drop = "duplicate"   // the member is there already
)

// Drops is the closed list.
var Drops = []Drop{DropEmpty, DropMalformed, DropNotAllowed, DropIncomplete, DropRepeated}

// Fields is the closed list of field labels of Validate, beside the match keys' names.
var Fields = []string{
	"event_source_url", "referrer_url", "opt_out", "data_processing_options", "data_processing_options_country",
	"data_processing_options_state", "messaging_channel", "app_data", "app_data.extinfo",
	"app_data.advertiser_tracking_enabled", "app_data.application_tracking_enabled", "custom_data", "custom_data.value",
	"custom_data.currency", "custom_data.contents", "extra", fieldOriginal, fieldAttribution,
}

// Validate makes e and h what Meta takes, in place: bad values are left out and reported to dropped (which may be nil);
// field is a metric label from the closed list Fields or a match key's name, never a sender's own member name. It
// returns the end of the event (missing_field, invalid_field, event_time_future, no_identity) when a required field or
// every identity is gone. Call it after Fill and before AppendEvent. The age limit is the forwarder's.
func Validate(e *Event, h *Hashed, now time.Time, dropped func(field string, reason Drop)) *fault.Error {
	if dropped == nil {
		dropped = func(string, Drop) {}
	}
	v := validation{e, h, dropped}
	if end := v.required(now); end != nil {
		return end
	}
	v.urls()
	v.privacy()
	v.extra()
	if end := v.money(); end != nil {
		return end
	}
	v.custom()
	if len(e.Extra) > 0 || isPassback(e.Name) {
		if end := v.passback(now); end != nil {
			return end
		}
	}
	if end := v.app(); end != nil {
		return end
	}
	if end := v.messaging(); end != nil {
		return end
	}
	if identity.TooFewKeys(h.Mask()) {
		return fault.New(fault.NoIdentity, "")
	}
	return nil
}

type validation struct {
	e    *Event
	h    *Hashed
	drop func(field string, reason Drop)
}

// oldest refuses times in another unit or of a wrong clock: no event is older than Meta's Pixel.
var oldest = time.Date(2004, 1, 1, 0, 0, 0, 0, time.UTC).Unix()

// required checks name, id, time and action_source.
func (v *validation) required(now time.Time) *fault.Error {
	e := v.e
	e.Name = trimSpace(e.Name)
	switch {
	case len(e.Name) == 0:
		return fault.New(fault.MissingField, "event_name")
	case utf8.RuneCount(e.Name) > MaxEventName || hasControl(e.Name):
		return fault.New(fault.InvalidField, "event_name")
	case len(e.ID) > MaxEventID:
		return fault.New(fault.InvalidField, "event_id")
	case !e.TimeSet:
		return fault.New(fault.MissingField, "event_time")
	case e.Time < oldest:
		return fault.New(fault.InvalidField, "event_time")
	case e.Time > now.Add(MaxSkew).Unix():
		return fault.New(fault.EventTimeFuture, "event_time")
	}
	e.Time = min(e.Time, now.Unix())
	source := trimSpace(e.ActionSource)
	if len(source) == 0 {
		return fault.New(fault.MissingField, "action_source")
	}
	for _, known := range actionSources {
		if equalFold(source, known) {
			e.ActionSource = known
			return nil
		}
	}
	return fault.New(fault.InvalidField, "action_source")
}

// actionSources is the enumeration (docs/reference/capi.md 2.2).
var actionSources = [][]byte{
	[]byte("website"), []byte("app"), []byte("physical_store"), []byte("system_generated"), []byte("business_messaging"),
	[]byte("email"), []byte("phone_call"), []byte("chat"), []byte("other"),
}

// equalFold compares ASCII text with lower-case text.
func equalFold(text, lower []byte) bool {
	if len(text) != len(lower) {
		return false
	}
	for i, b := range text {
		if b >= 'A' && b <= 'Z' {
			b += 'a' - 'A'
		}
		if b != lower[i] {
			return false
		}
	}
	return true
}

func hasControl(text []byte) bool {
	for _, b := range text {
		if b < ' ' || b == 0x7f {
			return true
		}
	}
	return false
}

func (v *validation) urls() {
	v.url(&v.e.SourceURL, "event_source_url")
	v.url(&v.e.ReferrerURL, "referrer_url")
}

// url keeps http and https URLs.
func (v *validation) url(url *[]byte, field string) {
	if len(*url) == 0 {
		return
	}
	*url = trimSpace(*url)
	isWeb := hasPrefixFold(*url, "https://") || hasPrefixFold(*url, "http://")
	if !isWeb || hasControl(*url) {
		*url = nil
		v.drop(field, DropMalformed)
	}
}

func hasPrefixFold(text []byte, lower string) bool {
	return len(text) > len(lower) && equalFold(text[:len(lower)], []byte(lower))
}

// extra leaves out top-level members that are empty.
func (v *validation) extra() { v.e.Extra = v.members(v.e.Extra, "extra", ownOfEvent, extraType) }

// The names that the encoder writes itself. A member of the same name (a sender can spell a key with escapes) would be
// there twice, and unchecked.
var (
	ownOfEvent = []string{
		"event_name", "event_time", "event_id", "action_source", "event_source_url", "referrer_url", "opt_out",
		"data_processing_options", "data_processing_options_country", "data_processing_options_state", "messaging_channel",
		"app_data", "user_data", "custom_data",
	}
	ownOfCustom  = []string{"value", "currency", "contents"}
	ownOfContent = []string{"id", "quantity", "item_price"}
	ownOfApp     = []string{"advertiser_tracking_enabled", "application_tracking_enabled", "extinfo"}
)

// members leaves out, in place, members that are empty, those whose name is there already, and those in which there is nothing
// of the type that Meta has for them.
func (v *validation) members(list []Member, field string, own []string, typeOf func(key []byte) memberType) []Member {
	kept := list[:0]
	for _, m := range list {
		switch {
		case isEmptyJSON(m.Value):
			v.drop(field, DropEmpty)
		case slices.Contains(own, string(m.Key)), hasKey(kept, m.Key):
			v.drop(field, DropRepeated)
		default:
			if t := typeOf(m.Key); t != ownType && (t != textType || !isPlainText(m.Value)) {
				if m.Value = v.typed(t, m.Value); m.Value == nil {
					v.drop(field, DropMalformed)
					continue
				}
			}
			kept = append(kept, m)
		}
	}
	return kept
}

func hasKey(list []Member, key []byte) bool {
	for i := range list {
		if string(list[i].Key) == string(key) {
			return true
		}
	}
	return false
}

// isEmptyJSON says whether a value is null or an empty text, list or object.
func isEmptyJSON(value []byte) bool {
	switch jsonscan.Kind(value) {
	case 0, 'z':
		return true
	case 's', 'a', 'o':
		inner := trimSpace(value)
		return len(inner) <= 2 || len(trimSpace(inner[1:len(inner)-1])) == 0
	}
	return false
}
