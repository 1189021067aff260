package mapping

import (
	"bytes"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// pixelMapper maps what Meta's image pixel sends (meta.pixel): the fields of /tr/ as they are named, all of them texts,
// lists of texts where a field was repeated.
type pixelMapper struct{}

func (pixelMapper) Default() string { return "website" }
func (pixelMapper) Names() *Names   { return pixelNames }

func (pixelMapper) Map(in *Input, out *Output) error {
	out.browser(in.Raw)
	var err error
	ok := out.Index.Object(in.Raw.Item, func(key, value []byte) bool {
		err = out.pixelField(key, value)
		return err == nil
	})
	switch {
	case !ok:
		return fault.New(fault.Undecodable, "item")
	case err != nil:
		return err
	}
	out.visited(in.Raw.Time)
	return nil
}

func (o *Output) pixelField(key, value []byte) error {
	switch string(key) {
	case "ev":
		return o.name(o.firstOf(value))
	case "ts":
		return o.eventTime(o.firstOf(value))
	case "dl":
		o.take(&o.Event.SourceURL, fieldSourceURL, o.firstOf(value))
	case "rl":
		o.take(&o.Event.ReferrerURL, fieldReferrerURL, o.firstOf(value))
	case "fbp":
		o.ownCookie(&o.Browser.Fbp, o.firstOf(value))
	case "fbc":
		o.ownCookie(&o.Browser.Fbc, o.firstOf(value))
	case "dpo":
		o.processing([]byte(fieldOptions), value)
	case "dpoco":
		o.processing([]byte(fieldOptCountry), value)
	case "dpost":
		o.processing([]byte(fieldOptState), value)
	default:
		if k := within(key, "cd["); k != nil {
			o.pixelCustom(k, value)
		} else if k := within(key, "ud["); k != nil {
			o.userMember(k, value, false)
		} else if k := within(key, "udff["); k != nil { // found in the page's forms
			o.userMember(k, value, false)
		}
	}
	return nil // the pixel's own bookkeeping
}

// within is the name between prefix and ], nil if the key is not so.
func within(key []byte, prefix string) []byte {
	if len(key) <= len(prefix)+1 || string(key[:len(prefix)]) != prefix || key[len(key)-1] != ']' {
		return nil
	}
	return key[len(prefix) : len(key)-1]
}

// pixelCustom reads a member of custom_data: lists and objects come as JSON in a text, lists of ids with commas, too.
func (o *Output) pixelCustom(key, value []byte) {
	switch string(key) {
	case "contents":
		if jsonscan.Kind(value) == 'a' {
			o.Index.Array(value, func(v []byte) bool {
				o.contents(o.embedded(v))
				return true
			})
			return
		}
		o.contents(o.embedded(value))
	case "content_ids":
		o.contentIDs(key, o.idList(value))
	default:
		if bytes.IndexByte(key, '[') >= 0 { // cd[a][b]: Meta has no such member
			o.drop(fieldCustom, unknown)
			return
		}
		o.customMember(key, o.embedded(o.firstOf(value)))
	}
}

// firstOf is a value, or the first of a list.
func (o *Output) firstOf(value []byte) []byte {
	first := value
	o.Index.Array(value, func(v []byte) bool { first = v; return false })
	return first
}

// embedded is the list or object that a text holds as JSON, else the value itself.
func (o *Output) embedded(value []byte) []byte {
	if jsonscan.Kind(value) != 's' {
		return value
	}
	t := trim(o.text(value))
	if len(t) > 0 && (t[0] == '[' || t[0] == '{') && jsonscan.Check(t, jsonscan.Limits{}) == nil {
		return t
	}
	return value
}

// idList is a list of ids: as JSON in a text, as texts, or with commas between them.
func (o *Output) idList(value []byte) []byte {
	value = o.embedded(value)
	if jsonscan.Kind(value) != 's' || bytes.IndexByte(value, ',') < 0 {
		return value
	}
	rest := o.text(value)
	start := len(o.scratch)
	list := append(o.scratch, '[')
	for len(rest) > 0 {
		var id []byte
		id, rest, _ = bytes.Cut(rest, []byte{','})
		if id = trim(id); len(id) == 0 {
			continue
		}
		if len(list) > start+1 {
			list = append(list, ',')
		}
		list = jsonscan.AppendString(list, id)
	}
	o.scratch = append(list, ']')
	return o.scratch[start:len(o.scratch):len(o.scratch)]
}
