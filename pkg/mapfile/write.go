package mapfile

import (
	"bytes"
	"slices"
	"time"

	"github.com/omnicapi/omnicapi/pkg/capi"
	"github.com/omnicapi/omnicapi/pkg/identity"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
	"github.com/omnicapi/omnicapi/pkg/number"
)

// spoiled finds values that a spreadsheet has spoiled; what remains of them must not be sent as something else.
func (w *mapper) spoiled(t *target, text []byte) string {
	if len(text) == 0 {
		return ""
	}
	if isFormulaError(text) {
		return "is a formula's error"
	}
	if !t.isID() {
		return ""
	}
	if t.kind == matchKey && t.key == identity.ClientIPAddress && allDigits(text) {
		return "is a number, not an address: the spreadsheet took its dots for separators"
	}
	if isShortened(w.room[:0], text) {
		return "is a number that a spreadsheet has shortened: its digits are lost"
	}
	if w.serial && len(text) > 15 && len(text) < 20 && allDigits(text) && len(bytes.TrimRight(text[15:], "0")) == 0 {
		return "has more than 15 digits, and zeros where a spreadsheet loses them: store it as text that is no number, or as CSV"
	}
	return ""
}

// identifier makes an id of what was stored as a number on its way: 1001.0 is 1001. Match keys are not its matter.
func (w *mapper) identifier(raw, text []byte) (_, id []byte, what string) {
	out, ok := w.room[:0], false
	if jsonscan.Kind(raw) == 'n' {
		out, ok = number.AppendNumber(out, text)
	} else {
		out, ok = number.AppendIdentifier(out, text)
	}
	switch {
	case !ok:
		return raw, text, "is a number that lost digits"
	case bytes.Equal(out, text):
		return raw, text, ""
	}
	return nil, w.e.Keep(out), ""
}

// birthday is a spreadsheet's serial date as a day, and any other text as it is. Days of before 1927 have four digits, as
// years have.
func (w *mapper) birthday(text []byte) []byte {
	whole, _, _ := bytes.Cut(text, []byte("."))
	if len(whole) != 5 || !allDigits(whole) {
		return text
	}
	day, ok := serialDay(text, w.date1904)
	if !ok {
		return text
	}
	var room [len(time.DateOnly)]byte
	return w.e.Keep(day.AppendFormat(room[:0], time.DateOnly))
}

// write writes text to a target; raw is the JSON value it came from, nil for defaults. The result is what is wrong.
func (w *mapper) write(t *target, form identity.Form, raw, text []byte, content int) string {
	e := w.e
	switch t.kind {
	case eventName:
		e.Name = text
	case eventTime:
		seconds, ok := w.m.format.timestamp(text, w.serial, w.date1904, w.zone)
		if !ok {
			return "is no time that can be read"
		}
		e.Time, e.TimeSet = seconds, true
	case eventID:
		e.ID = text
	case actionSource:
		e.ActionSource = text
	case sourceURL:
		e.SourceURL = text
	case referrerURL:
		e.ReferrerURL = text
	case messagingChannel:
		e.Messaging = text
	case matchKey:
		if w.serial && t.key == identity.Db {
			text = w.birthday(text)
		}
		e.User.Add(t.key, form, text)
	case consented, optOut, options:
		return w.wish(t.kind, raw, text)
	case optionsCountry:
		return w.number(&e.OptCountry, raw, text)
	case optionsState:
		return w.number(&e.OptState, raw, text)
	case advertiserTracking, applicationTracking:
		return w.tracking(t.kind, text)
	case extInfo:
		e.App.ExtInfo = append(e.App.ExtInfo, text)
	case appText:
		e.App.Members = append(e.App.Members, capi.Member{Key: t.name, Value: w.text(raw, text)})
	default:
		return w.custom(t, raw, text, content)
	}
	return ""
}

// custom writes what belongs to custom_data.
func (w *mapper) custom(t *target, raw, text []byte, content int) string {
	c := &w.e.Custom
	text = t.unmarked(text)
	switch t.kind {
	case customValue:
		if what := w.number(&c.Value, raw, text); what != "" || len(c.Currency) > 0 {
			return what
		}
		c.Currency = w.currencyBeside(raw, text)
	case customCurrency:
		c.Currency = text
	case customText:
		c.Members = append(c.Members, capi.Member{Key: t.name, Value: w.any(t, raw, text)})
	case customNumber:
		var n []byte
		if what := w.number(&n, raw, text); what != "" {
			return what
		}
		c.Members = append(c.Members, capi.Member{Key: t.name, Value: n})
	case customList:
		for i := range c.Members {
			if bytes.Equal(c.Members[i].Key, t.name) {
				c.Members[i].Value = w.list(c.Members[i].Value, raw, text)
				return ""
			}
		}
		c.Members = append(c.Members, capi.Member{Key: t.name, Value: w.list(nil, raw, text)})
	case storeText:
		w.store(t.name, w.text(raw, text))
	case contentID:
		w.content(content).ID = text
	case contentQuantity:
		return w.number(&w.content(content).Quantity, raw, text)
	case contentPrice:
		return w.number(&w.content(content).ItemPrice, raw, text)
	case contentText:
		one := w.content(content)
		one.Members = append(one.Members, capi.Member{Key: t.name, Value: w.text(raw, text)})
	case contentNumber:
		var n []byte
		if what := w.number(&n, raw, text); what != "" {
			return what
		}
		one := w.content(content)
		one.Members = append(one.Members, capi.Member{Key: t.name, Value: n})
	}
	return ""
}

var keyStore = []byte("store_data")

// store adds a member to store_data.
func (w *mapper) store(name, value []byte) {
	c := &w.e.Custom
	at := slices.IndexFunc(c.Members, func(m capi.Member) bool { return bytes.Equal(m.Key, keyStore) })
	if at < 0 {
		at = len(c.Members)
		c.Members = append(c.Members, capi.Member{Key: keyStore, Value: []byte("{}")})
	}
	m := &c.Members[at]
	if jsonscan.Kind(m.Value) != 'o' { // a cell that is all of it, as text
		return
	}
	object := append([]byte(nil), m.Value[:len(m.Value)-1]...)
	if len(object) > 1 {
		object = append(object, ',')
	}
	object = append(append(append(object, '"'), name...), '"', ':')
	m.Value = append(append(object, value...), '}')
}

// number converts a decimal.
func (w *mapper) number(to *[]byte, raw, text []byte) string {
	var room [48]byte
	out, ok := w.m.format.appendNumber(room[:0], text, raw == nil || jsonscan.Kind(raw) == 'n', w.serial)
	if !ok {
		return "is no number"
	}
	if bytes.Equal(out, text) {
		*to = text
		return ""
	}
	*to = w.e.Keep(out)
	return ""
}

// currencyBeside is the currency that a text says beside an amount, nil if none: it counts before a default.
func (w *mapper) currencyBeside(raw, text []byte) []byte {
	if jsonscan.Kind(raw) != 's' || isDigit(text[0]) && isDigit(text[len(text)-1]) {
		return nil
	}
	_, code, _ := number.AppendMoney(w.room[:0], text, w.m.format.decimal)
	if code == "" {
		return nil
	}
	return w.e.Keep(append(w.room[:0], code...))
}

// tracking writes the 0 or 1 of app_data.
func (w *mapper) tracking(k kind, text []byte) string {
	truth := boolean(text)
	if truth == nil {
		return "is neither 1 nor 0"
	}
	bit := []byte("0")
	if truth[0] == 't' {
		bit = []byte("1")
	}
	if k == advertiserTracking {
		w.e.App.AdvertiserTracking = bit
	} else {
		w.e.App.ApplicationTracking = bit
	}
	return ""
}

// text is a JSON string: the item's own where it is one already.
func (w *mapper) text(raw, text []byte) []byte {
	if jsonscan.Kind(raw) == 's' && len(raw) == len(text)+2 {
		return raw
	}
	var room [128]byte
	return w.e.Keep(jsonscan.AppendString(room[:0], text))
}

// any is a member whose type is the sender's: JSON stays as it is, but ids become text.
func (w *mapper) any(t *target, raw, text []byte) []byte {
	switch jsonscan.Kind(raw) {
	case 'o', 'a':
		return w.e.Keep(jsonscan.AppendCompact(nil, raw))
	case 'n', 't', 'f':
		if string(t.name) != "order_id" {
			return raw
		}
	}
	return w.text(raw, text)
}

// list appends text to a JSON array of texts; an array of the sender's is taken as it is.
func (w *mapper) list(list, raw, text []byte) []byte {
	if list == nil && jsonscan.Kind(raw) == 'a' {
		return w.e.Keep(jsonscan.AppendCompact(nil, raw))
	}
	var room [256]byte
	out := append(room[:0], '[')
	if len(list) > 2 {
		out = append(append(room[:0], list[:len(list)-1]...), ',')
	}
	return w.e.Keep(append(jsonscan.AppendString(out, text), ']'))
}

// content returns the content of an index. It reuses the memory of contents of earlier events.
func (w *mapper) content(i int) *capi.Content {
	c := &w.e.Custom
	for len(c.Contents) <= i {
		if n := len(c.Contents); n < cap(c.Contents) {
			c.Contents = c.Contents[:n+1]
			c.Contents[n] = capi.Content{Members: c.Contents[n].Members[:0]}
			continue
		}
		c.Contents = append(c.Contents, capi.Content{})
	}
	return &c.Contents[i]
}

// compact takes out contents of which nothing was read.
func (w *mapper) compact() {
	c := &w.e.Custom
	kept := c.Contents[:0]
	for i, one := range c.Contents {
		if one.ID == nil && one.Quantity == nil && one.ItemPrice == nil && len(one.Members) == 0 {
			continue
		}
		c.Contents[i], c.Contents[len(kept)] = c.Contents[len(kept)], one
		kept = kept[:len(kept)+1]
	}
	c.Contents = kept
}

// boolean is raw JSON true or false, nil if text is neither.
func boolean(text []byte) []byte {
	switch string(bytes.ToLower(text)) {
	case "true", "1", "yes", "y":
		return []byte("true")
	case "false", "0", "no", "n":
		return []byte("false")
	}
	return nil
}
