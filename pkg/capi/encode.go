package capi

import (
	"strconv"

	"github.com/omnicapi/omnicapi/pkg/identity"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// AppendEvent appends the server event as it goes into data[]: compact JSON, fixed member order. e and h have passed
// Validate.
func AppendEvent(dst []byte, e *Event, h *Hashed) []byte {
	dst = append(dst, `{"event_name":`...)
	dst = jsonscan.AppendString(dst, e.Name)
	dst = append(dst, `,"event_time":`...)
	dst = strconv.AppendInt(dst, e.Time, 10)
	dst = appendText(dst, `,"event_id":`, e.ID)
	dst = appendText(dst, `,"action_source":`, e.ActionSource)
	dst = appendText(dst, `,"event_source_url":`, e.SourceURL)
	dst = appendText(dst, `,"referrer_url":`, e.ReferrerURL)
	dst = appendRaw(dst, `,"opt_out":`, e.OptOut)
	dst = appendRaw(dst, `,"data_processing_options":`, e.Options)
	dst = appendRaw(dst, `,"data_processing_options_country":`, e.OptCountry)
	dst = appendRaw(dst, `,"data_processing_options_state":`, e.OptState)
	dst = appendText(dst, `,"messaging_channel":`, e.Messaging)
	dst = appendApp(dst, &e.App)
	dst = appendUser(dst, h)
	dst = appendCustom(dst, &e.Custom)
	for i := range e.Extra {
		dst = appendMember(append(dst, ','), &e.Extra[i])
	}
	return append(dst, '}')
}

// appendText appends a member of text; an empty one is left out.
func appendText(dst []byte, name string, text []byte) []byte {
	if len(text) == 0 {
		return dst
	}
	return jsonscan.AppendString(append(dst, name...), text)
}

// appendRaw appends a member of JSON; an empty one is left out.
func appendRaw(dst []byte, name string, value []byte) []byte {
	if len(value) == 0 {
		return dst
	}
	return jsonscan.AppendCompact(append(dst, name...), value)
}

// appendNumber appends a member of decimal text as a number; an empty one is left out.
func appendNumber(dst []byte, name string, decimal []byte) []byte {
	if len(decimal) == 0 {
		return dst
	}
	return append(append(dst, name...), decimal...)
}

func appendMember(dst []byte, m *Member) []byte {
	dst = append(jsonscan.AppendString(dst, m.Key), ':')
	return jsonscan.AppendCompact(dst, m.Value)
}

// openObject appends the name of an object. Its members are appended each with a comma before it; closeObject turns the
// first comma into the opening brace.
func openObject(dst []byte, name string) (out []byte, start int) {
	dst = append(dst, name...)
	return dst, len(dst)
}

func closeObject(dst []byte, start int) []byte {
	dst[start] = '{'
	return append(dst, '}')
}

func appendApp(dst []byte, a *App) []byte {
	if a.empty() {
		return dst
	}
	dst, start := openObject(dst, `,"app_data":`)
	dst = appendNumber(dst, `,"advertiser_tracking_enabled":`, a.AdvertiserTracking)
	dst = appendNumber(dst, `,"application_tracking_enabled":`, a.ApplicationTracking)
	if len(a.ExtInfo) > 0 {
		dst = append(dst, `,"extinfo":[`...)
		for i, text := range a.ExtInfo {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = jsonscan.AppendString(dst, text)
		}
		dst = append(dst, ']')
	}
	for i := range a.Members {
		dst = appendMember(append(dst, ','), &a.Members[i])
	}
	return closeObject(dst, start)
}

func (a *App) empty() bool {
	return len(a.AdvertiserTracking)+len(a.ApplicationTracking)+len(a.ExtInfo)+len(a.Members) == 0
}

// isNumber says which unhashed keys Meta takes as numbers.
func isNumber(k identity.Key) bool { return k == identity.LeadID || k == identity.FbLoginID }

// userNames are the names of user_data's members, with quotes, colon and the comma before them.
var userNames = func() (names [identity.NumKeys]string) {
	for k := range names {
		names[k] = `,"` + identity.Key(k).String() + `":`
	}
	return names
}()

// appendUser groups the values by key, in the order in which the keys first came.
func appendUser(dst []byte, h *Hashed) []byte {
	dst, start := openObject(dst, `,"user_data":`)
	var done uint64
	for i, v := range h.vals {
		if done&v.key.Bit() != 0 {
			continue
		}
		done |= v.key.Bit()
		dst = append(dst, userNames[v.key]...)
		switch text := h.arena[v.start:v.end]; {
		case v.key.List():
			dst = appendList(dst, h, i)
		case isNumber(v.key) && text[0] != '0': // JSON has no leading zeros
			dst = append(dst, text...)
		default:
			dst = jsonscan.AppendString(dst, text)
		}
	}
	if done == 0 {
		return append(dst, `{}`...)
	}
	return closeObject(dst, start)
}

// appendList appends all values of the key at from. Lists are of hashes: hex digits and PB's suffix, nothing to escape.
func appendList(dst []byte, h *Hashed, from int) []byte {
	key := h.vals[from].key
	if h.lists&key.Bit() == 0 { // almost always
		dst = append(append(dst, `["`...), h.arena[h.vals[from].start:h.vals[from].end]...)
		return append(dst, `"]`...)
	}
	open := byte('[')
	for _, v := range h.vals[from:] {
		if v.key == key {
			dst = append(append(dst, open, '"'), h.arena[v.start:v.end]...)
			dst = append(dst, '"')
			open = ','
		}
	}
	return append(dst, ']')
}

func appendCustom(dst []byte, c *Custom) []byte {
	if c.empty() {
		return dst
	}
	dst, start := openObject(dst, `,"custom_data":`)
	dst = appendNumber(dst, `,"value":`, c.Value)
	dst = appendText(dst, `,"currency":`, c.Currency)
	for i := range c.Members {
		dst = appendMember(append(dst, ','), &c.Members[i])
	}
	if len(c.Contents) > 0 {
		dst = append(dst, `,"contents":[`...)
		for i := range c.Contents {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = appendContent(dst, &c.Contents[i])
		}
		dst = append(dst, ']')
	}
	return closeObject(dst, start)
}

func (c *Custom) empty() bool {
	return len(c.Value)+len(c.Currency)+len(c.Contents)+len(c.Members) == 0
}

func appendContent(dst []byte, c *Content) []byte {
	dst = append(dst, `{"id":`...)
	dst = jsonscan.AppendString(dst, c.ID)
	dst = appendNumber(dst, `,"quantity":`, c.Quantity)
	dst = appendNumber(dst, `,"item_price":`, c.ItemPrice)
	for i := range c.Members {
		dst = appendMember(append(dst, ','), &c.Members[i])
	}
	return append(dst, '}')
}
