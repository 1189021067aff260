package mapping

import (
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// Permission reads what a member says of how the event may be used: consent, opt_out, Limited Data Use. false: it is none
// of these.
func (o *Output) Permission(key, value []byte) bool {
	switch string(key) {
	case "consent":
		if !IsEmpty(value) {
			o.Consent = value
		}
	case FieldOptOut:
		o.OptOut(value)
	case FieldOptions, FieldOptCountry, FieldOptState:
		o.Processing(key, value)
	default:
		return false
	}
	return true
}

func (o *Output) OptOut(value []byte) {
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

// Processing reads Limited Data Use. An empty list is kept: it says "off".
func (o *Output) Processing(key, value []byte) {
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

var (
	Granted = []byte(`"granted"`)
	Denied  = []byte(`"denied"`)
)

// IsAdvertising knows the names that consent managers and shops give to the purpose that Meta's events serve.
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

// Permitted reads Apple's answer to whether an app may track: by name or number.
func Permitted(status []byte) []byte {
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
