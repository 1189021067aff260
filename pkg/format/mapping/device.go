package mapping

import (
	"github.com/omnicapi/omnicapi/pkg/capi"
)

// Device is what is known of an app and its phone. It becomes app_data: extinfo has always 16 texts, "" for what is not
// known, and the flags are 0 or 1.
type Device struct {
	Platform           []byte // "a2", "i2"; nil: not known
	Pkg, Build         []byte
	Version, OsVersion []byte
	Model, Locale      []byte
	Carrier, Zone      []byte
	Width, Height      []byte
	Density, Vendor    []byte
	Tracking           []byte // One, Zero; nil: not said
}

// The two platforms that Meta has a code for.
var (
	Android = []byte("a2")
	ios     = []byte("i2")
)

// PlatformOf reads what senders call an operating system or a kind of device; nil: neither of the two.
func PlatformOf(name []byte) []byte {
	var room [16]byte
	if len(name) > len(room) {
		return nil
	}
	switch string(AppendLower(room[:0], name)) {
	case "android", "fireos", "fire os", "amazon", "google_android", "android_tv":
		return Android
	case "ios", "ipados", "iphone", "ipad", "ios_mobile", "tvos", "watchos", "visionos":
		return ios
	}
	return nil
}

// AddDevice fills app_data. Tracking that is not said counts as not permitted. application_tracking_enabled is always 1: only
// Meta's own SDK lets people opt out of an app's events.
func (o *Output) AddDevice(d *Device) {
	a := &o.Event.App
	a.AdvertiserTracking, a.ApplicationTracking = d.Tracking, One
	if d.Tracking == nil {
		a.AdvertiserTracking = Zero
	}
	a.ExtInfo = append(a.ExtInfo[:0],
		d.Platform, d.Pkg, d.Build, d.Version, d.OsVersion, d.Model, d.Locale, nil, d.Carrier,
		d.Width, d.Height, d.Density, nil, nil, nil, d.Zone)
	if len(d.Vendor) > 0 {
		a.Members = append(a.Members, capi.Member{Key: keyVendor, Value: o.Quoted(d.Vendor)})
	}
}

var keyVendor = []byte("vendor_id")
