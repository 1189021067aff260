package capi

import "github.com/omnicapi/omnicapi/pkg/fault"

// extInfoLen is how many texts app_data.extinfo has (docs/reference/capi.md 2.3).
const extInfoLen = 16

// app checks app_data; an app event needs the tracking flag and extinfo.
func (v *validation) app() *fault.Error {
	a := &v.e.App
	hadTracking := len(a.AdvertiserTracking) > 0
	v.flag(&a.AdvertiserTracking, "app_data.advertiser_tracking_enabled")
	v.flag(&a.ApplicationTracking, "app_data.application_tracking_enabled")
	a.Members = v.members(a.Members, "app_data", ownOfApp, appType)
	had := len(a.ExtInfo) > 0
	if had && !isExtInfo(a.ExtInfo) {
		a.ExtInfo = a.ExtInfo[:0]
		v.drop("app_data.extinfo", DropMalformed)
	}
	if string(v.e.ActionSource) != "app" {
		return nil
	}
	switch {
	case len(a.AdvertiserTracking) == 0:
		return gone("app_data.advertiser_tracking_enabled", hadTracking)
	case len(a.ExtInfo) == 0:
		return gone("app_data.extinfo", had)
	}
	return nil
}

func (v *validation) flag(flag *[]byte, field string) {
	if text := string(*flag); len(*flag) > 0 && text != "0" && text != "1" {
		*flag = nil
		v.drop(field, DropMalformed)
	}
}

// isExtInfo says whether there are 16 texts, with a platform that Meta knows (0) and an OS version (4).
func isExtInfo(texts [][]byte) bool {
	return len(texts) == extInfoLen && (string(texts[0]) == "a2" || string(texts[0]) == "i2") && len(texts[4]) > 0
}
