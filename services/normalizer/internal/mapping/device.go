package mapping

import "github.com/omnicapi/omnicapi/pkg/capi"

// device is what is known of an app and its phone. It becomes app_data: extinfo has always 16 texts, "" for what is not
// known, and the flags are 0 or 1.
type device struct {
	platform           []byte // "a2", "i2"; nil: not known
	pkg, build         []byte
	version, osVersion []byte
	model, locale      []byte
	carrier, zone      []byte
	width, height      []byte
	density, vendor    []byte
	tracking           []byte // one, zero; nil: not said
}

// The two platforms that Meta has a code for.
var (
	android = []byte("a2")
	ios     = []byte("i2")
)

// platformOf reads what senders call an operating system or a kind of device; nil: neither of the two.
func platformOf(name []byte) []byte {
	var room [16]byte
	if len(name) > len(room) {
		return nil
	}
	switch string(appendLower(room[:0], name)) {
	case "android", "fireos", "fire os", "amazon", "google_android", "android_tv":
		return android
	case "ios", "ipados", "iphone", "ipad", "ios_mobile", "tvos", "watchos", "visionos":
		return ios
	}
	return nil
}

// appData fills app_data. What was not said of tracking counts as no permission; the app's own opt-out is nobody's but
// Meta's SDK's, so application_tracking_enabled is 1.
func (o *Output) appData(d *device) {
	a := &o.Event.App
	a.AdvertiserTracking, a.ApplicationTracking = d.tracking, one
	if d.tracking == nil {
		a.AdvertiserTracking = zero
	}
	a.ExtInfo = append(a.ExtInfo[:0],
		d.platform, d.pkg, d.build, d.version, d.osVersion, d.model, d.locale, nil, d.carrier,
		d.width, d.height, d.density, nil, nil, nil, d.zone)
	if len(d.vendor) > 0 {
		a.Members = append(a.Members, capi.Member{Key: keyVendor, Value: o.quoted(d.vendor)})
	}
}

var keyVendor = []byte("vendor_id")
