package capi

import (
	"unicode/utf8"

	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// memberType is what Meta takes as a member's value.
type memberType uint8

// The types. A member that Meta has no type for is the sender's own property and stays as it is.
const (
	ownType      memberType = iota
	textType                // one text
	statusType              // one text, or true or false
	numberType              // one number
	deliveryType            // one of deliveries
	segmentType             // one of segmentations
	storeType               // the object store_data
)

// customType is the type of a member of custom_data (docs/reference/capi.md 4.1). value, currency and contents have fields of
// their own.
func customType(key []byte) memberType {
	switch string(key) {
	case "content_type", "content_name", "content_category", "order_id", "item_number", "search_string", "lead_event_source",
		"event_source", "product_catalog_id", "user_bucket", "description":
		return textType
	case "status":
		return statusType
	case "num_items", "predicted_ltv", "net_revenue":
		return numberType
	case "delivery_category":
		return deliveryType
	case "customer_segmentation":
		return segmentType
	case "store_data":
		return storeType
	}
	return ownType
}

// contentType is the type of a member of an element of contents (docs/reference/capi.md 4.2).
func contentType(key []byte) memberType {
	switch string(key) {
	case "title", "description", "brand", "category":
		return textType
	case "delivery_category":
		return deliveryType
	}
	return ownType
}

// appType is the type of a member of app_data that the encoder has no field for (docs/reference/capi.md 2.3).
func appType(key []byte) memberType {
	switch string(key) {
	case "campaign_ids", "install_referrer", "installer_package", "vendor_id", "windows_attribution_id", "receipt_data", "app_user_id":
		return textType
	}
	return ownType
}

// extraType is the type of a top-level member that the encoder has no field for (docs/reference/capi.md 2.1).
func extraType(key []byte) memberType {
	switch string(key) {
	case "customer_segmentation":
		return segmentType
	case "advanced_measurement_table":
		return textType
	}
	return ownType
}

// The values of members that Meta has a list for, as JSON (docs/reference/capi.md 4.1, 2.1).
var (
	deliveries = [][]byte{[]byte(`"in_store"`), []byte(`"curbside"`), []byte(`"home_delivery"`)}

	segmentations = [][]byte{
		[]byte(`"new_customer_to_business"`), []byte(`"new_customer_to_business_line"`), []byte(`"new_customer_to_product_area"`),
		[]byte(`"new_customer_to_medium"`), []byte(`"existing_customer_to_business"`), []byte(`"existing_customer_to_business_line"`),
		[]byte(`"existing_customer_to_product_area"`), []byte(`"existing_customer_to_medium"`), []byte(`"customer_in_loyalty_program"`),
	}
)

// typed makes a value what Meta takes for its type: of a list the first text in it, a number as a text, a text as a number.
// nil: there is none in it.
func (v *validation) typed(t memberType, value []byte) []byte {
	switch t {
	case ownType:
		return value
	case numberType:
		return v.number(value)
	case storeType:
		return v.store(value)
	}
	if kind := jsonscan.Kind(value); t == statusType && (kind == 't' || kind == 'f') {
		return value
	}
	text := v.firstText(value, 0)
	switch t {
	case deliveryType:
		return oneOf(deliveries, text)
	case segmentType:
		return oneOf(segmentations, text)
	}
	return text
}

// maxNested bounds how deep a text is looked for in lists.
const maxNested = 4

// firstText is a text as it is, a number as one, of a list the first of its elements that is one, as JSON; nil: there is none.
// A list may be JSON in a text.
func (v *validation) firstText(value []byte, depth int) []byte {
	switch jsonscan.Kind(value) {
	case 's':
		if list := v.embedded(value, '['); list != nil && depth < maxNested {
			return v.firstText(list, depth+1)
		}
		if len(value) > len(`""`) {
			return value
		}
	case 'n':
		mark := v.e.begin()
		v.e.arena = jsonscan.AppendString(v.e.arena, jsonscan.Trim(value))
		return v.e.since(mark)
	case 'a':
		var first []byte
		jsonscan.Array(value, func(element []byte) bool {
			if depth < maxNested {
				first = v.firstText(element, depth+1)
			}
			return first == nil
		})
		return first
	}
	return nil
}

// embedded is the JSON that a text holds and that begins with open, nil if it holds none.
func (v *validation) embedded(value []byte, open byte) []byte {
	if len(value) < 2 || value[1] != open {
		return nil
	}
	mark := v.e.begin()
	text := jsonscan.Text(value, &v.e.arena)
	if jsonscan.Check(text, jsonscan.Limits{}) != nil {
		v.e.arena = v.e.arena[:mark]
		return nil
	}
	return text
}

// number is a number as it is, a text as one, a list of one as that one; nil: it is none of these.
func (v *validation) number(value []byte) []byte {
	switch jsonscan.Kind(value) {
	case 'n':
		return value
	case 's':
		text := v.firstText(value, 0)
		if text == nil {
			return nil
		}
		mark := v.e.begin()
		out, ok := appendDecimal(v.e.arena, jsonscan.Text(text, nil))
		if v.e.arena = out; ok {
			return v.e.since(mark)
		}
	case 'a':
		if only := onlyElement(value); only != nil {
			return v.number(only)
		}
	}
	return nil
}

// onlyElement is the element of a list of one, nil of any other.
func onlyElement(list []byte) []byte {
	var only []byte
	n := 0
	jsonscan.Array(list, func(value []byte) bool {
		only = value
		n++
		return n < 2
	})
	if n != 1 {
		return nil
	}
	return only
}

// oneOf is the value of a closed list that a JSON text names in any case, nil if it names none.
func oneOf(list [][]byte, text []byte) []byte {
	if len(text) < 2 || text[0] != '"' {
		return nil
	}
	name := trimSpace(text[1 : len(text)-1])
	for _, value := range list {
		if equalFold(name, value[1:len(value)-1]) {
			return value
		}
	}
	return nil
}

// maxStoreCode is how many characters a store_code has at most (docs/reference/capi.md 4.1).
const maxStoreCode = 64

var storeKeys = [...]string{"store_page_id", "brand_page_id", "store_code"}

// store is store_data with the members that Meta has there, each a text; what else is in it is dropped.
func (v *validation) store(value []byte) []byte {
	if object := v.embedded(value, '{'); object != nil {
		value = object
	}
	var texts [len(storeKeys)][]byte
	if !jsonscan.Object(value, func(key, member []byte) bool {
		if isEmptyJSON(member) {
			return true
		}
		text := v.firstText(member, 0)
		for i, name := range storeKeys {
			if string(key) == name && text != nil && (name != "store_code" || utf8.RuneCount(text) <= maxStoreCode+len(`""`)) {
				texts[i] = text
				return true
			}
		}
		v.drop("custom_data", DropMalformed)
		return true
	}) {
		return nil
	}
	mark := v.e.begin()
	open := byte('{')
	for i, text := range texts {
		if text != nil {
			v.e.arena = append(append(append(v.e.arena, open, '"'), storeKeys[i]...), '"', ':')
			v.e.arena = append(v.e.arena, text...)
			open = ','
		}
	}
	if open == '{' {
		return nil
	}
	v.e.arena = append(v.e.arena, '}')
	return v.e.since(mark)
}
