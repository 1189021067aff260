package mapping

import (
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// ReadPermission reads what a member says of how the event may be used: consent, opt_out, Limited Data Use. false: it is none
// of these.
func (o *Output) ReadPermission(key, value []byte) bool {
	switch string(key) {
	case "consent":
		if !IsEmpty(value) {
			o.Consent = value
		}
	case FieldOptOut:
		o.ReadOptOut(value)
	case FieldOptions, FieldOptCountry, FieldOptState:
		o.ReadProcessing(key, value)
	default:
		return false
	}
	return true
}

// ReadOptOut reads opt_out, a flag.
func (o *Output) ReadOptOut(value []byte) {
	if IsEmpty(value) {
		return
	}
	switch b := o.Bit(value); {
	case b == nil:
		o.Drop(FieldOptOut, Malformed)
	case b[0] == '1':
		o.Event.OptOut = Yes
	default:
		o.Event.OptOut = No
	}
}

// ReadProcessing reads a member of Limited Data Use (data_processing_options, its country and state). An empty list of
// options is kept: it says that the use is not limited.
func (o *Output) ReadProcessing(key, value []byte) {
	e := &o.Event
	kind := jsonscan.Kind(value)
	if kind == 'z' {
		return
	}
	switch string(key) {
	case FieldOptions:
		switch {
		case kind == 'a':
			e.Options = value
		case kind == 's' && len(value) > 2:
			list := o.List()
			list.Add(value)
			e.Options = list.End()
		default:
			o.Drop(FieldOptions, Malformed)
		}
	case FieldOptCountry:
		o.integer(&e.OptCountry, FieldOptCountry, value)
	case FieldOptState:
		o.integer(&e.OptState, FieldOptState, value)
	}
}

// integer sets dst to a number without sign and fraction; anything else is dropped by name.
func (o *Output) integer(dst *[]byte, field string, value []byte) {
	if IsEmpty(value) {
		return
	}
	if t := o.Text(value); len(t) > 0 && Digits(t) == len(t) {
		*dst = t
		return
	}
	o.Drop(field, Malformed)
}

// Consent as consent managers say it, raw JSON.
var (
	Granted = []byte(`"granted"`)
	Denied  = []byte(`"denied"`)
)

// IsAdvertising says whether a purpose of consent is the one that Meta's events serve, by the names that consent managers
// and shops give to it.
func IsAdvertising(purpose []byte) bool {
	var room [16]byte
	if len(purpose) > len(room) {
		return false
	}
	switch string(AppendLower(room[:0], purpose)) {
	case "advertising", "marketing", "targeting", "ads", "ad_user_data", "c0004": // the last is OneTrust's
		return true
	}
	return false
}

// TrackingFlag reads the status of Apple's App Tracking Transparency, a name or a number, as the flag whether an app may
// track.
func TrackingFlag(status []byte) []byte {
	var room [16]byte
	if len(status) > len(room) {
		return Zero
	}
	switch string(AppendLower(room[:0], status)) {
	case "authorized", "af_authorized", "3":
		return One
	}
	return Zero
}
