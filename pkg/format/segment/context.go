package segment

import (
	"github.com/omnicapi/omnicapi/pkg/format/mapping"
	"github.com/omnicapi/omnicapi/pkg/identity"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
	"github.com/omnicapi/omnicapi/pkg/privacy"
)

// segmentContext is what a call's context says, else its batch's; raw unless said otherwise.
type segmentContext struct {
	keys                [identity.Madid + 1][]byte // by match key
	unnamed             bool                       // the traits that are being read have named nobody yet
	fullName, traitsID  []byte
	fbp, fbc, ip, agent []byte
	url, referrer       []byte
	deviceType          []byte
	adTracking          []byte
	attStatus           []byte
	device              mapping.Device // but platform and tracking
	consent             privacy.Statement
}

// read takes what an object says; of several, what is read last counts.
func (x *segmentContext) read(o *mapping.Output, obj []byte) {
	if jsonscan.Kind(obj) != 'o' {
		return
	}
	own := privacy.Nothing
	o.Index.Object(obj, func(key, value []byte) bool {
		if o.ReadProcessing(key, value) || mapping.IsEmpty(value) {
			return true
		}
		switch string(key) {
		case "ip":
			x.ip = value
		case "userAgent":
			x.agent = value
		case "locale":
			x.device.Locale = o.Text(value)
		case "timezone":
			x.device.Zone = o.Text(value)
		case "fbp", "_fbp":
			x.fbp = value
		case "fbc", "_fbc":
			x.fbc = value
		case "lead_id":
			x.keys[identity.LeadID] = value
		case "fb_login_id":
			x.keys[identity.FbLoginID] = value
		case "subscription_id":
			x.keys[identity.SubscriptionID] = value
		case "consent":
			own = privacy.Stricter(own, privacy.ReadConsent(value))
		case "consentManagement":
			own = privacy.Stricter(own, managedConsent(o.Embedded(value)))
		default:
			x.object(o, key, value)
		}
		return true
	})
	if own != privacy.Nothing { // else what the batch says stays
		x.consent = own
	}
}

// managedConsent reads RudderStack's context.consentManagement: lists of ids that were denied and allowed.
func managedConsent(value []byte) privacy.Statement {
	if jsonscan.Kind(value) != 'o' {
		return privacy.Unreadable
	}
	return privacy.ReadConsent(value)
}

func (x *segmentContext) object(o *mapping.Output, key, obj []byte) {
	var take func(key, value []byte)
	switch string(key) {
	case "traits":
		x.unnamed = true
		take = x.trait(o)
	case "page":
		take = func(key, value []byte) {
			switch string(key) {
			case "url":
				x.url = value
			case "referrer":
				x.referrer = value
			}
		}
	case "clientIds":
		take = func(key, value []byte) {
			switch string(key) {
			case "fbp":
				x.fbp = value
			case "fbc":
				x.fbc = value
			}
		}
	case "device", "app", "os", "network", "screen":
		take = func(name, value []byte) { x.phone(o, key, name, value) }
	default:
		return
	}
	o.Object(obj, func(key, value []byte) bool {
		if !mapping.IsEmpty(value) {
			take(key, value)
		}
		return true
	})
}

// phone takes a member of device, app, os, network or screen.
func (x *segmentContext) phone(o *mapping.Output, of, name, value []byte) {
	d := &x.device
	switch string(of) + "." + string(name) {
	case "device.type":
		x.deviceType = value
	case "device.id":
		x.keys[identity.AnonID] = value
	case "device.advertisingId":
		x.keys[identity.Madid] = value
	case "device.adTrackingEnabled":
		x.adTracking = value
	case "device.attTrackingStatus", "device.trackingStatus":
		x.attStatus = value
	case "device.model":
		d.Model = o.Text(value)
	case "app.namespace":
		d.Pkg = o.Text(value)
	case "app.build":
		d.Build = o.Text(value)
	case "app.version":
		d.Version = o.Text(value)
	case "os.version":
		d.OsVersion = o.Text(value)
	case "network.carrier":
		d.Carrier = o.Text(value)
	case "screen.width":
		d.Width = o.Text(value)
	case "screen.height":
		d.Height = o.Text(value)
	case "screen.density":
		d.Density = o.Text(value)
	}
}

// trait takes a member of traits: a match key by its name, or of the address in it. Traits are the sender's free words:
// one that has the name of an address, agent or cookie of the browser is not taken for it.
func (x *segmentContext) trait(o *mapping.Output) func(key, value []byte) {
	return func(key, value []byte) {
		switch string(key) {
		case "address": // as one text, it is no object
			o.Index.Object(o.FirstAddress(value), func(key, value []byte) bool {
				x.key(key, value)
				return true
			})
		case "name":
			x.rename()
			x.fullName = value
		case "id":
			x.traitsID = value
		default:
			if !o.ReadWish(key, value) {
				x.key(key, value)
			}
		}
	}
}

func (x *segmentContext) key(key, value []byte) {
	if mapping.IsEmpty(value) {
		return
	}
	if k, ok := identity.KeyOf(key); ok && (k.List() || k == identity.LeadID || k == identity.FbLoginID || k == identity.SubscriptionID) {
		if k == identity.Fn || k == identity.Ln {
			x.rename()
		}
		x.keys[k] = value
	}
}

// complete takes what the event says of the person where no trait says it.
func (x *segmentContext) complete(k identity.Key, value []byte) {
	if x.keys[k] == nil && !mapping.IsEmpty(value) {
		x.keys[k] = value
	}
}

// rename forgets the person whom earlier traits name once these name one: first and last name are of one person.
func (x *segmentContext) rename() {
	if x.unnamed {
		x.keys[identity.Fn], x.keys[identity.Ln], x.fullName = nil, nil, nil
		x.unnamed = false
	}
}

// names takes the full name apart where no other trait says first or last name.
func (x *segmentContext) names(o *mapping.Output) {
	if x.keys[identity.Fn] != nil || x.keys[identity.Ln] != nil {
		return
	}
	o.AddFullName(o.Text(x.fullName))
}

// app fills app_data with what the context says of the phone.
func (x *segmentContext) app(o *mapping.Output) {
	switch {
	case x.adTracking != nil:
		x.device.Tracking = o.Bit(x.adTracking)
	case x.attStatus != nil:
		x.device.Tracking = mapping.TrackingFlag(o.Text(x.attStatus))
	}
	o.AddDevice(&x.device)
}
