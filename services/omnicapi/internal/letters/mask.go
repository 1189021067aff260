package letters

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

const masked = "•••"

// shown are the JSON members whose values Mask leaves readable: they describe the event, not a person.
var shown = map[string]bool{
	"specversion": true, "type": true, "source": true, "time": true, "datacontenttype": true, "format": true, "traceparent": true,
	"event_name": true, "event_time": true, "event_id": true, "action_source": true, "currency": true, "messaging_channel": true,
	"sent_at": true, "trust": true,
}

// Mask returns a JSON value with its structure and the values of the members in shown; it hides every other text, number
// and boolean.
func Mask(value []byte) string {
	d := json.NewDecoder(bytes.NewReader(value))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil || d.More() {
		return fmt.Sprintf("[%d bytes that are no JSON]", len(value))
	}
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(hide(v)); err != nil {
		return fmt.Sprintf("[%d bytes]", len(value))
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func hide(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for key, member := range v {
			switch member.(type) {
			case string, json.Number:
				if shown[key] {
					out[key] = member
					continue
				}
			}
			out[key] = hide(member)
		}
		return out
	case []any:
		for i := range v {
			v[i] = hide(v[i])
		}
		return v
	case nil:
		return nil
	}
	return masked
}
