package mapping

import (
	"bytes"

	"github.com/omnicapi/omnicapi/pkg/jsonscan"
	"github.com/omnicapi/omnicapi/pkg/privacy"
)

// ReadPermission reads what a member says of how the event may be used: consent, opt_out, Limited Data Use. false: it is none
// of these.
func (o *Output) ReadPermission(key, value []byte) bool {
	if privacy.IsConsent(key) {
		o.ReadConsent(value)
		return true
	}
	return o.ReadProcessing(key, value)
}

// ReadWish is ReadPermission for a member among free ones, whose consent may be to anything: only a clear denial counts.
func (o *Output) ReadWish(key, value []byte) bool {
	if privacy.IsAnyConsent(key) {
		if privacy.ReadConsent(value) == privacy.Denied {
			o.Consent = privacy.Denied
			return true
		}
		return false
	}
	return o.ReadPermission(key, value)
}

// ReadConsent reads a statement on consent; of several the strictest counts.
func (o *Output) ReadConsent(value []byte) {
	o.Consent = privacy.Stricter(o.Consent, privacy.ReadConsent(value))
}

// ReadWishes reads the wishes among the members of an object.
func (o *Output) ReadWishes(obj []byte) {
	o.Index.Object(obj, func(key, value []byte) bool {
		o.ReadWish(key, value)
		return true
	})
}

// DefaultPermission takes what the request says for all its events where the event itself says nothing.
func (o *Output) DefaultPermission(context []byte) {
	if jsonscan.Kind(context) != 'o' {
		return
	}
	consent, options, optOut := o.Consent == privacy.Nothing, o.Event.Options == nil, o.Event.OptOut == nil
	o.Index.Object(context, func(key, value []byte) bool {
		missing := options
		switch {
		case privacy.IsConsent(key):
			missing = consent
		case privacy.FieldOf(key) == privacy.OptOutField:
			missing = optOut
		}
		if missing {
			o.ReadPermission(key, value)
		}
		return true
	})
}

// ReadOptOut reads opt_out, a flag. What is none counts as the wish to opt out.
func (o *Output) ReadOptOut(value []byte) {
	if IsEmpty(value) {
		return
	}
	yes, ok := privacy.Flag(value)
	if !ok {
		o.Drop(FieldOptOut, Malformed)
	}
	if o.Event.OptOut = No; yes || !ok {
		o.Event.OptOut = Yes
	}
}

// ReadProcessing reads a member of Limited Data Use (data_processing_options, its country and state) or opt_out, in any of
// its names' spellings; false: it is none. An empty list of options is kept: it says that the use is not limited. Of several
// statements the one that limits counts.
func (o *Output) ReadProcessing(key, value []byte) bool {
	e := &o.Event
	switch privacy.FieldOf(key) {
	case privacy.OptionsField:
		o.options(value)
	case privacy.CountryField:
		o.integer(&e.OptCountry, FieldOptCountry, value)
	case privacy.StateField:
		o.integer(&e.OptState, FieldOptState, value)
	case privacy.OptOutField:
		o.ReadOptOut(value)
	default:
		return false
	}
	return true
}

func (o *Output) options(value []byte) {
	said := privacy.ReadOptions(value)
	if said.Unclear {
		o.Drop(FieldOptions, Malformed)
	}
	switch {
	case said.Limited:
		o.Event.Options = said.JSON()
		if said.Country != nil {
			o.integer(&o.Event.OptCountry, FieldOptCountry, said.Country)
			o.integer(&o.Event.OptState, FieldOptState, said.State)
		}
	case o.Event.Options == nil:
		o.Event.Options = said.JSON()
	}
}

// LimitUse limits the use of the event's data, wherever the person is: with country and state 0, Meta finds out by the address.
func (o *Output) LimitUse() {
	o.Event.Options, o.Event.OptCountry, o.Event.OptState = limitedUse, Zero, Zero
}

var limitedUse = []byte(`["LDU"]`)

// integer sets dst to a whole number without a sign (1, "1", 1.0, [1]); anything else is dropped by name.
func (o *Output) integer(dst *[]byte, field string, value []byte) {
	value = o.FirstElement(value)
	if IsEmpty(value) {
		return
	}
	t := Trim(o.Text(value))
	whole, fraction, _ := bytes.Cut(t, []byte{'.'})
	if len(whole) > 0 && Digits(whole) == len(whole) && len(bytes.Trim(fraction, "0")) == 0 && (len(whole) == 1 || whole[0] != '0') {
		*dst = whole
		return
	}
	o.Drop(field, Malformed)
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
