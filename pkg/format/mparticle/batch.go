package mparticle

import (
	"github.com/omnicapi/omnicapi/pkg/format/mapping"
	"github.com/omnicapi/omnicapi/pkg/identity"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
	"github.com/omnicapi/omnicapi/pkg/privacy"
)

// mParticleBatch is what a batch says of person, device, app and consent; raw unless said otherwise.
type mParticleBatch struct {
	when              []byte
	platform          []byte // text
	language, country []byte // text
	att, limited      []byte
	device            mapping.Device
}

func (b *mParticleBatch) read(out *mapping.Output, batch []byte) {
	out.Index.Object(batch, func(key, value []byte) bool {
		if mapping.IsEmpty(value) {
			return true
		}
		switch string(key) {
		case batchTime:
			b.when = value
		case batchIP:
			out.AddUserValue(identity.ClientIPAddress, value)
		case batchConsent:
			mParticleConsent(out, value)
		default:
			if !out.ReadPermission(key, value) {
				b.object(out, key, value)
			}
		}
		return true
	})
}

func (b *mParticleBatch) object(out *mapping.Output, of, obj []byte) {
	out.Object(obj, func(key, value []byte) bool {
		if mapping.IsEmpty(value) {
			return true
		}
		switch string(of) {
		case batchIdentities:
			if k, ok := mParticleIdentity(key); ok {
				out.AddUserValues(k, value)
			}
		case batchAttributes:
			if k, ok := mParticleAttribute(key); ok {
				out.AddUserValues(k, value)
			} else if out.ReadWish(key, value) {
				break
			} else if k, ok := identity.KeyOf(key); ok && k.List() { // the sender's own name for it
				out.AddUserValues(k, value)
			}
		case batchDevice:
			b.phone(out, key, value)
		case batchApp:
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
	var room [16]byte // the SDKs for apps write $FirstName
	if len(key) > len(room) || len(key) == 0 || key[0] != '$' {
		return 0, false
	}
	switch string(mapping.AppendLower(room[:0], key)) {
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

func (b *mParticleBatch) phone(out *mapping.Output, key, value []byte) {
	d := &b.device
	switch string(key) {
	case "platform":
		b.platform = out.Text(value)
	case "os_version":
		d.OsVersion = out.Text(value)
	case "device_model":
		d.Model = out.Text(value)
	case "locale_language":
		b.language = out.Text(value)
	case "locale_country":
		b.country = out.Text(value)
	case "network_carrier":
		d.Carrier = out.Text(value)
	case "screen_width":
		d.Width = out.Text(value)
	case "screen_height":
		d.Height = out.Text(value)
	case "ios_advertising_id", "android_advertising_id":
		out.AddUserValue(identity.Madid, value)
	case "ios_idfv":
		d.Vendor = out.Text(value)
	case "http_header_user_agent":
		out.AddUserValue(identity.ClientUserAgent, value)
	case "att_authorization_status":
		b.att = value
	case "limit_ad_tracking":
		b.limited = value
	case "application_package":
		if d.Pkg == nil {
			d.Pkg = out.Text(value)
		}
	}
}

func (b *mParticleBatch) app(out *mapping.Output, key, value []byte) {
	d := &b.device
	switch string(key) {
	case "package":
		d.Pkg = out.Text(value)
	case "application_version":
		d.Version = out.Text(value)
	case "application_build_number":
		d.Build = out.Text(value)
	}
}

// fill says where the event happened, and on which device.
func (b *mParticleBatch) fill(out *mapping.Output) {
	b.device.Platform = mapping.PlatformOf(b.platform)
	switch {
	case b.device.Platform != nil:
		out.Event.ActionSource = mapping.SourceApp
		b.permission(out)
		b.locale(out)
		out.AddDevice(&b.device)
	case string(b.platform) == "web":
		out.Event.ActionSource = mapping.SourceWebsite
	}
}

func (b *mParticleBatch) permission(out *mapping.Output) {
	switch {
	case b.att != nil:
		b.device.Tracking = mapping.TrackingFlag(out.Text(b.att))
	case b.limited != nil:
		b.device.Tracking = mapping.Opposite(out.Bit(b.limited))
	}
}

func (b *mParticleBatch) locale(out *mapping.Output) {
	b.device.Locale = b.language
	if len(b.language) > 0 && len(b.country) > 0 {
		b.device.Locale = out.Keep(b.language, []byte("_"), b.country)
	}
}

// mParticleConsent reads consent_state: who has opted out of the sale of data is sent for limited use, unless it is clear
// that they have not; who has refused a purpose of advertising by one of its usual names is not sent.
func mParticleConsent(o *mapping.Output, state []byte) {
	state = o.Embedded(state)
	if jsonscan.Kind(state) != 'o' {
		o.ReadConsent(state)
		return
	}
	purposes, sale := jsonscan.Get(state, "gdpr"), jsonscan.Get(jsonscan.Get(state, "ccpa"), "data_sale_opt_out")
	if consented := jsonscan.Get(sale, "consented"); !mapping.IsEmpty(consented) {
		sale = consented
	}
	if yes, ok := privacy.Flag(sale); !mapping.IsEmpty(sale) && (yes || !ok) {
		o.LimitUse()
	}
	switch jsonscan.Kind(purposes) {
	case 'o':
		o.Consent = privacy.Stricter(o.Consent, privacy.ReadPurposes(purposes))
	case 0:
		if sale == nil { // none of mParticle's
			o.ReadConsent(state)
		}
	default:
		o.ReadConsent(purposes)
	}
}
