package mapping

import (
	"bytes"

	"github.com/omnicapi/omnicapi/pkg/fault"
)

// gtagMapper maps the hits of Google's own tag on a page (ga4.gtag): the fields of /g/collect as they are named, all of
// them texts. The visitor's browser sends them at once: their time is the arrival.
type gtagMapper struct{}

func (gtagMapper) Default() string { return "website" }
func (gtagMapper) Names() *Names   { return ga4Names }

func (gtagMapper) Map(in *Input, out *Output) error {
	out.browser(in.Raw)
	var h gtagHit
	out.Index.Object(in.Raw.Context, func(key, value []byte) bool {
		h.field(out, key, value)
		return true
	})
	ok := out.Index.Object(in.Raw.Item, func(key, value []byte) bool {
		if isProduct(key) {
			out.gtagItem(out.text(out.firstOf(value)))
			return true
		}
		h.field(out, key, value)
		return true
	})
	switch {
	case !ok:
		return fault.New(fault.Undecodable, "item")
	case isEmpty(h.name):
		return fault.New(fault.MissingField, "en")
	}
	if err := out.name(h.name); err != nil {
		return fault.New(fault.InvalidField, "en")
	}
	out.googleCart(in)
	out.Consent = h.consent(out)
	out.visited(in.Raw.Time)
	return nil
}

// gtagHit is what of a hit must be seen together.
type gtagHit struct{ name, storage, signals []byte }

// field reads one field; those of a line come after the query's and go before them.
func (h *gtagHit) field(o *Output, key, value []byte) {
	value = o.firstOf(value)
	switch string(key) {
	case "en":
		h.name = value
	case "cu":
		o.take(&o.Event.Custom.Currency, fieldCurrency, value)
	case "dl":
		o.take(&o.Event.SourceURL, fieldSourceURL, value)
	case "dr":
		o.take(&o.Event.ReferrerURL, fieldReferrerURL, value)
	case "cid":
		o.People.GAClient = o.text(value)
	case "uid":
		o.People.User = o.text(value)
	case "gcs":
		h.storage = value
	case "gcd":
		h.signals = value
	default:
		if rest, ok := bytes.CutPrefix(key, []byte("ep.")); ok {
			o.googleParam(rest, value, false)
		} else if rest, ok := bytes.CutPrefix(key, []byte("epn.")); ok {
			o.googleParam(rest, value, false)
		}
	}
}

var (
	granted = []byte(`"granted"`)
	denied  = []byte(`"denied"`)
)

// consent reads Google's consent mode: the third letter of gcd is ad_user_data (l: not set; p, q, m, u: denied; n, r, t,
// v: granted). Where that is not set, or there is no gcd, the first digit of gcs after G1 is ad_storage.
func (h *gtagHit) consent(o *Output) []byte {
	letters := 0
	for _, c := range o.text(h.signals) {
		if c < 'a' || c > 'z' {
			continue
		}
		if letters++; letters < 3 {
			continue
		}
		switch c {
		case 'p', 'q', 'm', 'u':
			return denied
		case 'n', 'r', 't', 'v':
			return granted
		}
		break
	}
	if s := o.text(h.storage); len(s) >= 3 && s[0] == 'G' {
		switch s[2] {
		case '0':
			return denied
		case '1':
			return granted
		}
	}
	return nil
}

// isProduct says whether a field is pr1 … pr200.
func isProduct(key []byte) bool {
	return len(key) > 2 && key[0] == 'p' && key[1] == 'r' && digits(key[2:]) == len(key)-2
}

// cutValue cuts the next of a product's values: they are joined by ~, which is doubled within one.
func (o *Output) cutValue(text []byte) (value, rest []byte) {
	value, rest, found := bytes.Cut(text, []byte{'~'})
	if !found || len(rest) == 0 || rest[0] != '~' {
		return value, rest
	}
	start := len(o.scratch)
	for found && len(rest) > 0 && rest[0] == '~' {
		o.scratch = append(append(o.scratch, value...), '~')
		value, rest, found = bytes.Cut(rest[1:], []byte{'~'})
	}
	o.scratch = append(o.scratch, value...)
	return o.scratch[start:len(o.scratch):len(o.scratch)], rest
}

// gtagItem reads a product: values joined by ~, each with two letters that say what it is.
func (o *Output) gtagItem(text []byte) {
	var p product
	var brand, category []byte
	for len(text) > 0 {
		var part []byte
		part, text = o.cutValue(text)
		if len(part) <= 2 {
			continue
		}
		switch string(part[:2]) {
		case "id":
			p.ids[0] = o.quoted(part[2:])
		case "nm":
			p.ids[1] = o.quoted(part[2:])
		case "pr":
			p.price = o.quoted(part[2:])
		case "qt":
			p.quantity = o.quoted(part[2:])
		case "br":
			brand = o.quoted(part[2:])
		case "ca":
			category = o.quoted(part[2:])
		}
	}
	before := len(o.Event.Custom.Contents)
	if o.googleItem(&p, brand, category); len(o.Event.Custom.Contents) == before {
		o.drop(fieldContents, malformed)
	}
}
