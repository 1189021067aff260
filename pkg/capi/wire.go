package capi

import (
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/omnicapi/omnicapi/pkg/identity"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// WireError is why Meta refuses an event, and with it the whole request: code 100 with a subcode.
type WireError struct {
	Code    int
	Subcode int
	Title   string // error_user_title: fixed text
	Path    string // within the event, "custom_data.value"; "": the event
}

func (e *WireError) Error() string { return e.Title }

func structural(path string) *WireError {
	return &WireError{100, 2804019, "Server Side Api Parameter Error", path}
}

// wireEvent is an event as Meta reads it.
type wireEvent struct {
	name, time, id, source, messaging, options, country json.RawMessage
	user, custom, app                                   map[string]json.RawMessage
}

// read takes the members apart, by their exact names; an object of the wrong type is structural.
func (e *wireEvent) read(event []byte) (wrong *WireError) {
	object := func(path string, value []byte, to *map[string]json.RawMessage) {
		if json.Unmarshal(value, to) != nil {
			wrong = structural(path)
		}
	}
	var room []byte
	isObject := jsonscan.Object(event, func(key, value []byte) bool {
		switch string(jsonscan.Key(key, &room)) {
		case "event_name":
			e.name = value
		case "event_time":
			e.time = value
		case "event_id":
			e.id = value
		case "action_source":
			e.source = value
		case "messaging_channel":
			e.messaging = value
		case "data_processing_options":
			e.options = value
		case "data_processing_options_country":
			e.country = value
		case "user_data":
			object("user_data", value, &e.user)
		case "custom_data":
			object("custom_data", value, &e.custom)
		case "app_data":
			object("app_data", value, &e.app)
		}
		return wrong == nil
	})
	if !isObject {
		return structural("")
	}
	return wrong
}

// CheckWire refuses an element of data[] as Meta does (subcodes 2804003, 2804009, 2804019, 2804050, 2804066), nil if
// Meta takes it. event need not be checked JSON. The sandbox calls it. Time comes first, as with Meta; what Meta takes
// silently (a website event without user agent) it takes too.
func CheckWire(event []byte, now time.Time) *WireError {
	var e wireEvent
	if jsonscan.Check(event, jsonscan.Limits{}) != nil || jsonscan.HasHalf(event) { // Meta's parser refuses half a pair
		return structural("")
	}
	if err := e.read(event); err != nil {
		return err
	}
	name, source := textOf(e.name), textOf(e.source)
	if name == "" || len(name) > 4*MaxEventName {
		return structural("event_name")
	}
	if err := checkTime(e.time, source, now); err != nil {
		return err
	}
	if !slices.ContainsFunc(actionSources, func(s []byte) bool { return string(s) == source }) {
		return structural("action_source")
	}
	if given(e.id) && textOf(e.id) == "" {
		return structural("event_id")
	}
	if err := checkOptions(&e); err != nil {
		return err
	}
	if err := checkCustom(name, e.custom); err != nil {
		return err
	}
	if source == "app" && !isWireExtInfo(e.app["extinfo"]) {
		return structural("app_data.extinfo")
	}
	if source == "business_messaging" {
		if err := checkMessaging(name, textOf(e.messaging)); err != nil {
			return err
		}
	}
	return checkUser(e.user)
}

// given says whether a member is there and not empty.
func given(value json.RawMessage) bool { return len(value) > 0 && string(value) != "null" }

func textOf(value json.RawMessage) string {
	var text string
	if json.Unmarshal(value, &text) != nil {
		return ""
	}
	return text
}

func checkTime(value json.RawMessage, source string, now time.Time) *WireError {
	seconds, err := strconv.ParseInt(strings.Trim(string(value), `"`), 10, 64)
	if err != nil || seconds <= 0 || seconds > now.Add(MaxSkew).Unix() {
		return structural("event_time")
	}
	if now.Sub(time.Unix(seconds, 0)) > AgeLimit([]byte(source)) {
		return &WireError{100, 2804003, "Event Timestamp Too Old", "event_time"}
	}
	return nil
}

func checkOptions(e *wireEvent) *WireError {
	if !given(e.options) {
		return nil
	}
	var options []string
	if json.Unmarshal(e.options, &options) != nil {
		return structural("data_processing_options")
	}
	if slices.Contains(options, "LDU") && !given(e.country) {
		return structural("data_processing_options_country")
	}
	return nil
}

// checkCustom requires value to be a number and currency to be three letters; a Purchase needs both.
func checkCustom(name string, custom map[string]json.RawMessage) *WireError {
	value, currency := custom["value"], custom["currency"]
	number, err := strconv.ParseFloat(strings.Trim(string(value), `"`), 64)
	isNumber := err == nil && !math.IsNaN(number) && !math.IsInf(number, 0)
	switch {
	case name == "Purchase" && !given(value):
		return &WireError{100, 2804009, "Missing Value for Purchase Event", "custom_data.value"}
	case name == "Purchase" && !given(currency):
		return structural("custom_data.currency")
	case given(value) && !isNumber:
		return structural("custom_data.value")
	case given(currency) && len(textOf(currency)) != 3:
		return structural("custom_data.currency")
	}
	return nil
}

func isWireExtInfo(value json.RawMessage) bool {
	var texts []string
	return json.Unmarshal(value, &texts) == nil && len(texts) == extInfoLen && (texts[0] == "a2" || texts[0] == "i2") && texts[4] != ""
}

func checkMessaging(name, channel string) *WireError {
	if !slices.Contains([]string{"whatsapp", "messenger", "instagram"}, channel) {
		return structural("messaging_channel")
	}
	if !slices.Contains(messagingNames, name) {
		return &WireError{100, 2804066, "Event Name Not Supported for Business Messaging", "event_name"}
	}
	return nil
}

// checkUser requires enough customer information to match by. Keys that Meta wants hashed must be hashes, since a pipeline that
// sends clear text must not pass a rehearsal; a lead id must have 15 to 17 digits.
func checkUser(user map[string]json.RawMessage) *WireError {
	var mask uint64
	for k := range identity.NumKeys { // not by the map, so that of several faults the same is told each time
		name := k.String()
		value, ok := user[name]
		if !ok || string(value) == "null" {
			continue
		}
		values := valuesOf(value)
		if len(values) == 0 {
			return structural("user_data." + name)
		}
		for _, v := range values {
			if k.Hashed() && k != identity.ExternalID && !isWireHash(v) || k == identity.LeadID && !isLeadID(v) {
				return structural("user_data." + name)
			}
		}
		mask |= k.Bit()
	}
	if identity.TooFewKeys(mask) {
		return &WireError{100, 2804050, "Insufficient Customer Information", "user_data"}
	}
	return nil
}

// valuesOf reads a value or a list of them as texts; none where one is empty or of another type.
func valuesOf(value json.RawMessage) []string {
	var list []json.RawMessage
	if json.Unmarshal(value, &list) != nil {
		list = []json.RawMessage{value}
	}
	texts := make([]string, 0, len(list))
	for _, v := range list {
		text := textOf(v)
		if jsonscan.Kind(v) == 'n' {
			text = string(v)
		}
		if text == "" {
			return nil
		}
		texts = append(texts, text)
	}
	return texts
}

// isWireHash takes SHA-256 and MD5 in hex, with or without the suffix of Meta's parameter builder.
func isWireHash(text string) bool {
	hash, _, _ := strings.Cut(text, ".")
	return (len(hash) == 64 || len(hash) == 32) && strings.Trim(hash, "0123456789abcdefABCDEF") == ""
}

func isLeadID(text string) bool {
	return len(text) >= 15 && len(text) <= 17 && strings.Trim(text, "0123456789") == ""
}
