package mapping

import (
	"github.com/omnicapi/omnicapi/pkg/capi"
	"github.com/omnicapi/omnicapi/pkg/identity"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// extInfoLen is how many texts app_data.extinfo has.
const extInfoLen = 16

// AppData reads app_data.
func (o *Output) AppData(obj []byte) {
	if jsonscan.Kind(obj) == 'z' {
		return
	}
	ok := o.Index.Object(obj, func(key, value []byte) bool {
		o.appMember(key, value)
		return true
	})
	if !ok {
		o.Drop(FieldApp, Malformed)
	}
}

func (o *Output) appMember(key, value []byte) {
	a := &o.Event.App
	switch string(key) {
	case "advertiser_tracking_enabled":
		o.Flag(&a.AdvertiserTracking, FieldAdvertiser, value)
	case "application_tracking_enabled":
		o.Flag(&a.ApplicationTracking, fieldApplication, value)
	case "extinfo":
		o.extInfo(value)
	case "madid": // some senders keep it here; Meta reads it in user_data
		o.UserValues(identity.Madid, value)
	case "anon_id":
		o.UserValues(identity.AnonID, value)
	default:
		if IsEmpty(value) {
			return
		}
		switch jsonscan.Kind(value) {
		case 't':
			value = One
		case 'f':
			value = Zero
		}
		a.Members = append(a.Members, capi.Member{Key: o.Key(key), Value: value})
	}
}

func (o *Output) Flag(dst *[]byte, field string, value []byte) {
	if IsEmpty(value) {
		return
	}
	if b := o.Bit(value); b != nil {
		*dst = b
		return
	}
	o.Drop(field, Malformed)
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
				o.Drop(fieldExtInfo, Unknown)
			}
			return true
		})
	case 'z':
	default:
		o.Drop(fieldExtInfo, Malformed)
	}
}

func (o *Output) extText(v []byte) []byte {
	switch jsonscan.Kind(v) {
	case 't', 'f':
		return o.Bit(v)
	default:
		return o.Text(v)
	}
}
