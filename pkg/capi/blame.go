package capi

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
)

// Where Meta says which event is at fault, if it does: error_data.event_index, error_data.blame_field_specs, or a JSON path
// in the text for people ("$['data'][3]['user_data']", "data[3].custom_data.value").
type blameData struct {
	EventIndex json.RawMessage `json:"event_index"`
	Specs      [][]any         `json:"blame_field_specs"`
}

var indexInText = regexp.MustCompile(`\bdata['"]?\]?\[(\d{1,4})\]((?:\.?\[?['"]?[a-z_]{1,40}['"]?\]?){0,3})`)

// blame returns the index of the event at fault (-1: not said) and the path of the field (only names that we know).
func blame(e *errorBody) (index int, field string) {
	index = -1
	var data blameData
	if lenient(unquoted(e.Data), &data) {
		index = atIndex(string(data.EventIndex))
		for _, spec := range data.Specs {
			i, f := specPath(spec)
			if index < 0 {
				index = i
			}
			if field == "" {
				field = f
			}
		}
	}
	if m := indexInText.FindStringSubmatch(e.UserMessage); m != nil {
		if index < 0 {
			index = atIndex(m[1])
		}
		if field == "" {
			field = knownPath(strings.FieldsFunc(m[2], func(r rune) bool { return strings.ContainsRune(`.[]'"`, r) }))
		}
	}
	return index, field
}

// unquoted takes error_data out of the string that some answers wrap it in.
func unquoted(data json.RawMessage) json.RawMessage {
	var text string
	if json.Unmarshal(data, &text) == nil {
		return json.RawMessage(text)
	}
	return data
}

// specPath reads a path such as ["data",3,"custom_data","currency"], which may begin at the index or at the field. A number
// behind a field is an index of contents, not of events.
func specPath(spec []any) (index int, field string) {
	index = -1
	var names []string
	for _, part := range spec {
		switch p := part.(type) {
		case string:
			for _, name := range strings.FieldsFunc(p, func(r rune) bool { return strings.ContainsRune(`.[]'"$`, r) }) {
				switch i := atIndex(name); {
				case i >= 0 && len(names) == 0:
					index = i
				case i < 0 && name != "data":
					names = append(names, name)
				}
			}
		case float64:
			if i := int(p); p >= 0 && p < MaxEvents && float64(i) == p && len(names) == 0 {
				index = i
			}
		}
	}
	return index, knownPath(names)
}

func atIndex(text string) int {
	i, err := strconv.Atoi(text)
	if err != nil || i < 0 || i >= MaxEvents {
		return -1
	}
	return i
}

// known are the names that may stand in a blamed path: all else could be a value.
var known = map[string]bool{
	"event_name": true, "event_time": true, "event_id": true, "action_source": true, "event_source_url": true, "user_data": true,
	"custom_data": true, "app_data": true, "opt_out": true, "data_processing_options": true, "data_processing_options_country": true,
	"data_processing_options_state": true, "messaging_channel": true, "referrer_url": true, "original_event_data": true,
	"attribution_data": true, "value": true, "currency": true, "contents": true, "content_ids": true, "content_type": true,
	"num_items": true, "order_id": true, "extinfo": true, "advertiser_tracking_enabled": true, "application_tracking_enabled": true,
	"em": true, "ph": true, "fn": true, "ln": true, "ge": true, "db": true, "ct": true, "st": true, "zp": true, "country": true,
	"external_id": true, "client_ip_address": true, "client_user_agent": true, "fbc": true, "fbp": true, "lead_id": true,
	"madid": true, "anon_id": true, "page_id": true, "page_scoped_user_id": true, "ctwa_clid": true, "subscription_id": true,
	"fb_login_id": true, "whatsapp_business_account_id": true, "ig_account_id": true, "instagram_business_account_id": true, "ig_sid": true,
}

// maxPath is how many names a path has at most.
const maxPath = 4

func knownPath(names []string) string {
	var path []string
	for _, name := range names {
		if known[name] && len(path) < maxPath {
			path = append(path, name)
		}
	}
	return strings.Join(path, ".")
}
