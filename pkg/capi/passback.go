package capi

import (
	"slices"
	"time"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// The members with which an event tells Meta of another one that came before it (docs/reference/capi.md 6.5).
const (
	fieldOriginal    = "original_event_data"
	fieldAttribution = "attribution_data"
)

// The names of events that are about another one.
const (
	appendAttribution = "AppendAttribution"
	appendValue       = "AppendValue"
)

func isPassback(name []byte) bool {
	return string(name) == appendAttribution || string(name) == appendValue
}

// passback checks what is passed back to Meta: of which event, and how it was attributed. AppendAttribution and AppendValue
// are nothing without it, and end; from any other event a bad one is left out.
func (v *validation) passback(now time.Time) *fault.Error {
	attribution, value := string(v.e.Name) == appendAttribution, string(v.e.Name) == appendValue
	original := v.object(fieldOriginal)
	at, path := originalTime(original)
	limited := attribution || value
	switch {
	case original == nil && limited:
		return fault.New(fault.MissingField, fieldOriginal)
	case limited && path == "" && at != 0 && now.Unix()-at >= int64(MaxPassback/time.Second),
		path == "" && at > now.Add(MaxSkew).Unix():
		path = fieldOriginal + ".event_time"
	case attribution && path == "" && at == 0:
		return fault.New(fault.MissingField, fieldOriginal+".event_time")
	case attribution && textIn(original, "event_name") == nil:
		return fault.New(fault.MissingField, fieldOriginal+".event_name")
	}
	if path != "" {
		v.remove(fieldOriginal)
		if limited {
			return fault.New(fault.InvalidField, path)
		}
	}
	if value && !v.hasWorth() {
		return fault.New(fault.MissingField, "custom_data.value")
	}
	return v.attribution(attribution, at)
}

// attribution checks attribution_data, which the event needs or may have; at is when the original event was, 0 if that is not
// known.
func (v *validation) attribution(needed bool, at int64) *fault.Error {
	data := v.object(fieldAttribution)
	if data == nil {
		if needed {
			return fault.New(fault.MissingField, fieldAttribution)
		}
		return nil
	}
	var missing, wrong string
	require := func(name string, good func(value []byte) bool) {
		value := jsonscan.Get(data, name)
		switch {
		case isEmptyJSON(value):
			if missing == "" {
				missing = name
			}
		case !good(value) && wrong == "":
			wrong = name
		}
	}
	require("ad_id", func(id []byte) bool { return textOrNumber(id) != nil })
	require("touchpoint_ts", func(ts []byte) bool {
		touch, ok := seconds(ts)
		return ok && (at == 0 || touch < at)
	})
	require("attribution_share", isShare)
	require("attribution_value", func(value []byte) bool { n, ok := amountOf(value); return ok && n[0] != '-' })
	switch {
	case wrong == "" && (missing == "" || !needed):
		return nil
	case wrong != "" || needed:
		v.remove(fieldAttribution)
	}
	switch {
	case !needed:
		return nil
	case wrong != "":
		return fault.New(fault.InvalidField, fieldAttribution+"."+wrong)
	}
	return fault.New(fault.MissingField, fieldAttribution+"."+missing)
}

// object is a top-level member that must be an object, nil if it is none; one that is not is dropped.
func (v *validation) object(name string) []byte {
	for i := range v.e.Extra {
		m := &v.e.Extra[i]
		if string(m.Key) != name {
			continue
		}
		if text := v.embedded(m.Value, '{'); text != nil {
			m.Value = text
		}
		if jsonscan.Kind(m.Value) == 'o' {
			return m.Value
		}
		v.remove(name)
		return nil
	}
	return nil
}

// remove leaves a top-level member out and counts it.
func (v *validation) remove(name string) {
	v.e.Extra = slices.DeleteFunc(v.e.Extra, func(m Member) bool { return string(m.Key) == name })
	v.drop(name, DropMalformed)
}

// hasWorth says whether the event says what it is worth: its value, or what it will be or was worth.
func (v *validation) hasWorth() bool {
	c := &v.e.Custom
	return len(c.Value) > 0 || hasKey(c.Members, []byte("net_revenue")) || hasKey(c.Members, []byte("predicted_ltv"))
}

// originalTime is when the original event was in Unix seconds, 0 if that is not said; path is what cannot be read.
func originalTime(original []byte) (at int64, path string) {
	value := jsonscan.Get(original, "event_time")
	if isEmptyJSON(value) {
		return 0, ""
	}
	at, ok := seconds(value)
	if !ok || at < oldest {
		return 0, fieldOriginal + ".event_time"
	}
	return at, ""
}

// seconds reads Unix seconds, a number or a text of digits.
func seconds(value []byte) (int64, bool) {
	text := textOrNumber(value)
	if len(text) == 0 || len(text) > 12 || !allDigits(text) {
		return 0, false
	}
	n := int64(0)
	for _, c := range text {
		n = n*10 + int64(c-'0')
	}
	return n, true
}

// textOrNumber is the text of a string or number that is not empty, else nil.
func textOrNumber(value []byte) []byte {
	if k := jsonscan.Kind(value); k != 's' && k != 'n' {
		return nil
	}
	if text := trimSpace(jsonscan.Text(value, nil)); len(text) > 0 {
		return text
	}
	return nil
}

func textIn(object []byte, name string) []byte { return textOrNumber(jsonscan.Get(object, name)) }

// amountOf reads a number or its text as plain decimal text.
func amountOf(value []byte) ([]byte, bool) {
	return appendDecimal(nil, textOrNumber(value))
}

// isShare says whether a number is from 0 to 1.
func isShare(value []byte) bool {
	n, ok := amountOf(value)
	if !ok || n[0] == '-' {
		return false
	}
	whole, fraction := n, []byte(nil)
	for i, c := range n {
		if c == '.' {
			whole, fraction = n[:i], n[i+1:]
		}
	}
	switch string(whole) {
	case "0":
		return true
	case "1":
		for _, c := range fraction {
			if c != '0' {
				return false
			}
		}
		return true
	}
	return false
}
