package serverevent

import (
	"strconv"

	"github.com/omnicapi/omnicapi/pkg/capi"
	"github.com/omnicapi/omnicapi/pkg/format/mapping"
	"github.com/omnicapi/omnicapi/pkg/identity"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// extInfoLen is how many texts app_data.extinfo has.
const extInfoLen = 16

// appData reads app_data.
func appData(o *mapping.Output, obj []byte) {
	if jsonscan.Kind(obj) == 'z' {
		return
	}
	ok := o.Index.Object(o.Embedded(obj), func(key, value []byte) bool {
		appMember(o, key, value)
		return true
	})
	if !ok {
		o.Drop(mapping.FieldApp, mapping.Malformed)
	}
}

func appMember(o *mapping.Output, key, value []byte) {
	a := &o.Event.App
	switch string(key) {
	case "advertiser_tracking_enabled":
		setFlag(o, &a.AdvertiserTracking, mapping.FieldAdvertiser, value)
	case "application_tracking_enabled":
		setFlag(o, &a.ApplicationTracking, mapping.FieldApplication, value)
	case "extinfo":
		extInfo(o, value)
	case "madid": // some senders keep it here; Meta reads it in user_data
		o.AddUserValues(identity.Madid, value)
	case "anon_id":
		o.AddUserValues(identity.AnonID, value)
	default:
		if mapping.IsEmpty(value) {
			return
		}
		switch jsonscan.Kind(value) {
		case 't':
			value = mapping.One
		case 'f':
			value = mapping.Zero
		}
		a.Members = append(a.Members, capi.Member{Key: o.Key(key), Value: value})
	}
}

// setFlag sets dst to 0 or 1; a value that is neither is dropped by name.
func setFlag(o *mapping.Output, dst *[]byte, field string, value []byte) {
	if mapping.IsEmpty(value) {
		return
	}
	if b := o.Bit(value); b != nil {
		*dst = b
		return
	}
	o.Drop(field, mapping.Malformed)
}

// extInfo reads the list of 16 texts, or the object {"0":…} that Meta's Node SDK sends. A hole is "".
func extInfo(o *mapping.Output, value []byte) {
	a := &o.Event.App
	value = o.Embedded(value)
	switch jsonscan.Kind(value) {
	case 'a':
		o.Index.Array(value, func(v []byte) bool {
			a.ExtInfo = append(a.ExtInfo, extText(o, v))
			return true
		})
	case 'o':
		for range extInfoLen {
			a.ExtInfo = append(a.ExtInfo, nil)
		}
		o.Index.Object(value, func(key, v []byte) bool {
			if i, err := strconv.Atoi(string(key)); err == nil && mapping.Digits(key) == len(key) && i < extInfoLen {
				a.ExtInfo[i] = extText(o, v)
			} else {
				o.Drop(mapping.FieldExtInfo, mapping.Unknown)
			}
			return true
		})
	case 'z':
	default:
		o.Drop(mapping.FieldExtInfo, mapping.Malformed)
	}
}

func extText(o *mapping.Output, v []byte) []byte {
	switch jsonscan.Kind(v) {
	case 't', 'f':
		return o.Bit(v)
	default:
		return o.Text(v)
	}
}
