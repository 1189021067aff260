package mapfile

import (
	"strings"

	"github.com/omnicapi/omnicapi/pkg/identity"
)

// kind is what is done with the text of a target.
type kind uint8

const (
	eventName kind = iota + 1
	eventTime
	eventID
	actionSource
	sourceURL
	referrerURL
	consented
	optOut
	options
	optionsCountry
	optionsState
	messagingChannel
	matchKey
	customValue
	customCurrency
	customText
	customNumber
	customList
	contentID
	contentQuantity
	contentPrice
	contentText
	contentNumber
	advertiserTracking
	applicationTracking
	extInfo
	appText
	storeText
)

// target is a member of the server event that a column fills.
type target struct {
	path  string // as the mapping file writes it
	kind  kind
	key   identity.Key // matchKey
	name  []byte       // member name of custom_data, contents or app_data
	id    bool         // its value identifies something
	money bool
}

var topLevel = map[string]kind{
	"event_name": eventName, "event_time": eventTime, "event_id": eventID, "action_source": actionSource,
	"event_source_url": sourceURL, "referrer_url": referrerURL, "consent": consented, "opt_out": optOut, "data_processing_options": options,
	"data_processing_options_country": optionsCountry, "data_processing_options_state": optionsState,
	"messaging_channel": messagingChannel,
}

var customKinds = map[string]kind{
	"value": customValue, "currency": customCurrency, "content_ids": customList, "num_items": customNumber,
	"predicted_ltv": customNumber, "net_revenue": customNumber,
}

var contentKinds = map[string]kind{
	"id": contentID, "quantity": contentQuantity, "item_price": contentPrice, "price": contentNumber,
}

var appKinds = map[string]kind{
	"advertiser_tracking_enabled": advertiserTracking, "application_tracking_enabled": applicationTracking,
	"extinfo": extInfo,
}

// parseTarget reads a path such as user_data.em or custom_data.contents[].id. The text result says what is wrong.
func parseTarget(path string) (target, string) {
	t := target{path: path}
	if k, ok := topLevel[path]; ok {
		t.kind = k
		return t, ""
	}
	section, member, found := strings.Cut(path, ".")
	if !found || member == "" {
		return t, "is no field of a server event"
	}
	switch section {
	case "user_data":
		key, ok := identity.KeyOf([]byte(member))
		if !ok {
			return t, "is no match key of user_data"
		}
		t.kind, t.key = matchKey, key
		return t, ""
	case "store_data": // of custom_data, whose only object it is
		return storeTarget(t, member)
	case "custom_data":
		if inner, ok := strings.CutPrefix(member, "store_data."); ok {
			return storeTarget(t, inner)
		}
		if inner, ok := strings.CutPrefix(member, "contents[]."); ok {
			return memberTarget(t, inner, contentKinds, contentText)
		}
		return memberTarget(t, member, customKinds, customText)
	case "app_data":
		return memberTarget(t, member, appKinds, appText)
	}
	return t, "is no field of a server event"
}

// storeTarget is a member of custom_data.store_data.
func storeTarget(t target, name string) (target, string) {
	switch name {
	case "store_code", "store_page_id", "brand_page_id":
		t.kind, t.name = storeText, []byte(name)
		return t, ""
	}
	return t, "is no member of store_data: those are store_code, store_page_id and brand_page_id"
}

func memberTarget(t target, name string, kinds map[string]kind, other kind) (target, string) {
	if name == "contents" || !plainName(name) {
		return t, "is no name of a member; fields of contents are written custom_data.contents[].id"
	}
	t.kind, t.name = other, []byte(name)
	if k, ok := kinds[name]; ok {
		t.kind = k
	}
	return t, ""
}

// plainName keeps names that need no escaping.
func plainName(name string) bool {
	if name == "" || len(name) > 64 {
		return false
	}
	for _, b := range []byte(name) {
		if b != '_' && b != '-' && (b < '0' || b > '9') && (b < 'a' || b > 'z') && (b < 'A' || b > 'Z') {
			return false
		}
	}
	return true
}

// isContent says whether the target is a member of contents: each row of an item has its own.
func (k kind) isContent() bool { return k >= contentID && k <= contentNumber }

// isPrivacy says whether the target is a wish of the person's. What cannot be read of one counts as the strictest reading, so
// that nothing else looks at its value before.
func (k kind) isPrivacy() bool { return k >= consented && k <= options }

// takesSeveral says whether the target is a list.
func (t *target) takesSeveral() bool { return t.kind == customList || t.kind == matchKey }

// isID says whether digits lost to a spreadsheet's rounding would make the value another one.
func (t *target) isID() bool {
	switch t.kind {
	case eventID, contentID, customText, customList, contentText, appText, storeText:
		return true
	case matchKey:
		return true
	}
	return false
}
