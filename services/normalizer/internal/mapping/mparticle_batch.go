package mapping

import (
	"github.com/omnicapi/omnicapi/pkg/identity"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// mParticleBatch is what a batch says of person, device, app and consent; raw unless said otherwise.
type mParticleBatch struct {
	when              []byte
	platform          []byte // text
	language, country []byte // text
	att, limited      []byte
	device            device
}

func (b *mParticleBatch) read(out *Output, batch []byte) {
	out.Index.Object(batch, func(key, value []byte) bool {
		if isEmpty(value) {
			return true
		}
		switch string(key) {
		case "timestamp_unixtime_ms":
			b.when = value
		case "ip":
			out.userValue(identity.ClientIPAddress, value)
		case "consent_state":
			out.mParticleConsent(value)
		default:
			b.object(out, key, value)
		}
		return true
	})
}

func (b *mParticleBatch) object(out *Output, of, obj []byte) {
	out.Index.Object(obj, func(key, value []byte) bool {
		if isEmpty(value) {
			return true
		}
		switch string(of) {
		case "user_identities":
			if k, ok := mParticleIdentity(key); ok {
				out.userValues(k, value)
			}
		case "user_attributes":
			if k, ok := mParticleAttribute(key); ok {
				out.userValues(k, value)
			}
		case "device_info":
			b.phone(out, key, value)
		case "application_info":
			b.app(out, key, value)
		}
		return true
	})
}

func mParticleIdentity(key []byte) (identity.Key, bool) {
	switch string(key) {
	case "email":
		return identity.Em, true
	case "customer_id":
		return identity.ExternalID, true
	case "mobile_number", "phone_number_2", "phone_number_3":
		return identity.Ph, true
	}
	return 0, false
}

func mParticleAttribute(key []byte) (identity.Key, bool) {
	switch string(key) {
	case "$firstname":
		return identity.Fn, true
	case "$lastname":
		return identity.Ln, true
	case "$zip":
		return identity.Zp, true
	case "$city":
		return identity.Ct, true
	case "$state":
		return identity.St, true
	case "$country":
		return identity.Country, true
	case "$gender":
		return identity.Ge, true
	case "$mobile":
		return identity.Ph, true
	}
	return 0, false
}

func (b *mParticleBatch) phone(out *Output, key, value []byte) {
	d := &b.device
	switch string(key) {
	case "platform":
		b.platform = out.text(value)
	case "os_version":
		d.osVersion = out.text(value)
	case "device_model":
		d.model = out.text(value)
	case "locale_language":
		b.language = out.text(value)
	case "locale_country":
		b.country = out.text(value)
	case "network_carrier":
		d.carrier = out.text(value)
	case "screen_width":
		d.width = out.text(value)
	case "screen_height":
		d.height = out.text(value)
	case "ios_advertising_id", "android_advertising_id":
		out.userValue(identity.Madid, value)
	case "ios_idfv":
		d.vendor = out.text(value)
	case "http_header_user_agent":
		out.userValue(identity.ClientUserAgent, value)
	case "att_authorization_status":
		b.att = value
	case "limit_ad_tracking":
		b.limited = value
	case "application_package":
		if d.pkg == nil {
			d.pkg = out.text(value)
		}
	}
}

func (b *mParticleBatch) app(out *Output, key, value []byte) {
	d := &b.device
	switch string(key) {
	case "package":
		d.pkg = out.text(value)
	case "application_version":
		d.version = out.text(value)
	case "application_build_number":
		d.build = out.text(value)
	}
}

// fill says where it happened.
func (b *mParticleBatch) fill(out *Output) {
	b.device.platform = platformOf(b.platform)
	switch {
	case b.device.platform != nil:
		out.Event.ActionSource = sourceApp
		b.permission(out)
		b.locale(out)
		out.appData(&b.device)
	case string(b.platform) == "web":
		out.Event.ActionSource = sourceWebsite
	}
}

func (b *mParticleBatch) permission(out *Output) {
	switch {
	case b.att != nil:
		b.device.tracking = permitted(out.text(b.att))
	case b.limited != nil:
		b.device.tracking = opposite(out.bit(b.limited))
	}
}

func (b *mParticleBatch) locale(out *Output) {
	b.device.locale = b.language
	if len(b.language) > 0 && len(b.country) > 0 {
		b.device.locale = out.joined(string(b.language)+"_", b.country, "")
	}
}

// limited is Limited Data Use where Meta finds out the state by the address.
var limited = []byte(`["LDU"]`)

// mParticleConsent reads consent_state: who has opted out of the sale of data is sent for limited use; who has refused a
// purpose of advertising by one of its usual names is not sent.
func (o *Output) mParticleConsent(state []byte) {
	sale := jsonscan.Get(jsonscan.Get(jsonscan.Get(state, "ccpa"), "data_sale_opt_out"), "consented")
	if jsonscan.Kind(sale) == 't' {
		o.Event.Options, o.Event.OptCountry, o.Event.OptState = limited, zero, zero
	}
	o.Index.Object(jsonscan.Get(state, "gdpr"), func(purpose, value []byte) bool {
		consented := jsonscan.Get(value, "consented")
		if isAdvertising(purpose) && jsonscan.Kind(consented) != 0 && jsonscan.Kind(o.Consent) != 'f' {
			o.Consent = consented
		}
		return true
	})
}

// isAdvertising knows the names that consent managers and shops give to the purpose that Meta's events serve.
func isAdvertising(purpose []byte) bool {
	var room [16]byte
	if len(purpose) > len(room) {
		return false
	}
	switch string(appendLower(room[:0], purpose)) {
	case "advertising", "marketing", "targeting", "ads", "ad_user_data", "c0004": // the last is OneTrust's
		return true
	}
	return false
}
