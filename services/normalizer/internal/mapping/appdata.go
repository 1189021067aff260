package mapping

import (
	"github.com/omnicapi/omnicapi/pkg/capi"
	"github.com/omnicapi/omnicapi/pkg/identity"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// extInfoLen is how many texts app_data.extinfo has.
const extInfoLen = 16

// app reads app_data.
func (o *Output) app(obj []byte) {
	if jsonscan.Kind(obj) == 'z' {
		return
	}
	ok := o.Index.Object(obj, func(key, value []byte) bool {
		o.appMember(key, value)
		return true
	})
	if !ok {
		o.drop(fieldApp, malformed)
	}
}

func (o *Output) appMember(key, value []byte) {
	a := &o.Event.App
	switch string(key) {
	case "advertiser_tracking_enabled":
		o.flag(&a.AdvertiserTracking, fieldAdvertiser, value)
	case "application_tracking_enabled":
		o.flag(&a.ApplicationTracking, fieldApplication, value)
	case "extinfo":
		o.extInfo(value)
	case "madid": // some senders keep it here; Meta reads it in user_data
		o.userValues(identity.Madid, value)
	case "anon_id":
		o.userValues(identity.AnonID, value)
	default:
		if isEmpty(value) {
			return
		}
		switch jsonscan.Kind(value) {
		case 't':
			value = one
		case 'f':
			value = zero
		}
		a.Members = append(a.Members, capi.Member{Key: o.key(key), Value: value})
	}
}

func (o *Output) flag(dst *[]byte, field string, value []byte) {
	if isEmpty(value) {
		return
	}
	if b := o.bit(value); b != nil {
		*dst = b
		return
	}
	o.drop(field, malformed)
}

// extInfo reads the list of 16 texts, or the object {"0":…} that Meta's Node SDK sends. A hole is "".
func (o *Output) extInfo(value []byte) {
	a := &o.Event.App
	switch jsonscan.Kind(value) {
	case 'a':
		o.Index.Array(value, func(v []byte) bool {
			a.ExtInfo = append(a.ExtInfo, o.extText(v))
			return true
		})
	case 'o':
		for range extInfoLen {
			a.ExtInfo = append(a.ExtInfo, nil)
		}
		o.Index.Object(value, func(key, v []byte) bool {
			if i, ok := unixSeconds(key); ok && i < extInfoLen {
				a.ExtInfo[i] = o.extText(v)
			} else {
				o.drop(fieldExtInfo, unknown)
			}
			return true
		})
	case 'z':
	default:
		o.drop(fieldExtInfo, malformed)
	}
}

func (o *Output) extText(v []byte) []byte {
	switch jsonscan.Kind(v) {
	case 't', 'f':
		return o.bit(v)
	default:
		return o.text(v)
	}
}
