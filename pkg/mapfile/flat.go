package mapfile

import (
	"slices"
	"strings"

	"github.com/omnicapi/omnicapi/pkg/jsonscan"
	"github.com/omnicapi/omnicapi/pkg/nearest"
)

// flatKeys are the keys of Meta's flat shape {"EMAIL": 5}, from its sample's code and files.
var flatKeys = map[string]string{
	"EVENT_NAME": "event_name", "EVENT_TIME": "event_time", "EVENT_ID": "event_id",
	"EVENT_SOURCE_URL": "event_source_url", "ACTION_SOURCE": "action_source",
	"EXTERNAL_ID": "user_data.external_id", "EMAIL": "user_data.em", "PHONE": "user_data.ph",
	"FIRST_NAME": "user_data.fn", "LAST_NAME": "user_data.ln", "DATE_OF_BIRTH": "user_data.db",
	"CITY": "user_data.ct", "ZIP": "user_data.zp", "COUNTRY": "user_data.country",
	"CLIENT_IP_ADDRESS": "user_data.client_ip_address", "CLIENT_USER_AGENT": "user_data.client_user_agent",
	"FBC": "user_data.fbc", "FBP": "user_data.fbp",
	"ORDER_ID": "custom_data.order_id", "CURRENCY": "custom_data.currency", "VALUE": "custom_data.value",
	"CONTENT_ID": "custom_data.contents[].id", "CONTENT_QUANTITY": "custom_data.contents[].quantity",
	"CONTENT_DELIVERY": "custom_data.contents[].delivery_category",
}

// flatNames are its keys in lower case.
var flatNames = func() (names []string) {
	for key := range flatKeys {
		names = append(names, strings.ToLower(key))
	}
	slices.Sort(names)
	return names
}()

// isFlat knows Meta's shape by its upper-case keys.
func isFlat(data []byte) bool {
	flat := false
	object(data, func(key string, _ []byte) {
		flat = flat || (key != "" && key == strings.ToUpper(key) && key != strings.ToLower(key))
	})
	return flat
}

// flat reads Meta's shape. A text may be letters ("G") or, as a spreadsheet's export writes numbers, digits ("6").
func (p *parser) flat(data []byte) {
	p.m.flat = true
	p.m.format.headerRows = 0
	p.m.format.decimal = '.' // which Meta's sample reads, and the shape cannot say another
	object(data, func(key string, v []byte) {
		path, ok := flatKeys[key]
		if !ok {
			p.problems.add(key, "unknown key"+nearest.DidYouMean(strings.ToLower(key), flatNames))
			return
		}
		text := string(jsonscan.Text(v, nil))
		index := parseIndex(text)
		if index < 0 && jsonscan.Kind(v) == 's' {
			index = parseLetters(text)
		}
		if index < 0 {
			p.problems.add(key, `is no zero-based number of a column, nor its letters ("G")`)
			return
		}
		t, _ := parseTarget(path)
		p.m.fields = append(p.m.fields, field{target: t, from: column{index: index}})
	})
	if p.m.find(eventTime) == nil {
		p.problems.add("EVENT_TIME", "is missing: it tells rows from headers")
	}
}
