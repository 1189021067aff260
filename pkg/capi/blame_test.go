package capi

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

func TestBlame(t *testing.T) {
	tests := []struct {
		name, data, message string
		index               int
		field               string
	}{
		{"nothing", ``, "", -1, ""},
		{"null", `null`, "", -1, ""},
		{"event_index", `{"event_index":2}`, "", 2, ""},
		{"event_index beyond the batch", `{"event_index":5}`, "", -1, ""},
		{"event_index below zero", `{"event_index":-1}`, "", -1, ""},
		{"event_index that is no number, specs beside it", `{"event_index":"x","blame_field_specs":[["custom_data","value"]]}`, "", -1, "custom_data.value"},
		{"specs from the field on", `{"blame_field_specs":[["custom_data","currency"]]}`, "", -1, "custom_data.currency"},
		{"specs with the index", `{"blame_field_specs":[["data",3,"custom_data","currency"]]}`, "", 3, "custom_data.currency"},
		{"specs from the index on", `{"blame_field_specs":[["3","event_time"]]}`, "", 3, "event_time"},
		{"specs in one text", `{"blame_field_specs":[["data[3][user_data][em]"]]}`, "", 3, "user_data.em"},
		{"an index of contents is none of events", `{"blame_field_specs":[["data",3,"custom_data","contents",0,"quantity"]]}`, "", 3, "custom_data.contents"},
		{"an index of contents as text", `{"blame_field_specs":[["custom_data","contents","0"]]}`, "", -1, "custom_data.contents"},
		{"no whole number", `{"blame_field_specs":[["data",1.5,"event_time"]]}`, "", -1, "event_time"},
		{"the first of several", `{"blame_field_specs":[["data",1,"event_time"],["data",2,"event_id"]]}`, "", 1, "event_time"},
		{"long paths are cut", `{"blame_field_specs":[["em","em","em","em","em","em"]]}`, "", -1, "em.em.em.em"},
		{"empty specs", `{"blame_field_specs":[[],null]}`, "", -1, ""},
		{"a list as error_data", `[1,2]`, "", -1, ""},
		{"JSON path in the text", ``, "Le paramètre $['data'][3]['user_data'] manque", 3, "user_data"},
		{"JSON path with two fields", ``, `$['data'][0]['custom_data']['value']`, 0, "custom_data.value"},
		{"dotted path", ``, "see data[4].custom_data.currency for more", 4, "custom_data.currency"},
		{"index beyond the batch in the text", ``, "data[999].event_id", -1, "event_id"},
		{"user_data is not data", ``, "user_data[3]", -1, ""},
		{"data beats text", `{"event_index":1}`, "data[2].event_id", 1, "event_id"},
		{"unknown names in specs", `{"blame_field_specs":[["data",1,"user_data","jane@example.com"]]}`, "", 1, "user_data"},
		{"unknown names in the text", ``, "data[1].user_data.jane_doe", 1, "user_data"},
		{"a value behind the path", ``, "data[1].user_data jane doe", 1, "user_data"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, quoted := range []bool{false, true} {
				data := tt.data
				if data == "" {
					data = `{}`
				}
				if quoted { // as some answers have it: JSON in a string
					text, err := json.Marshal(data)
					if err != nil {
						t.Fatal(err)
					}
					data = string(text)
				}
				message, err := json.Marshal(tt.message)
				if err != nil {
					t.Fatal(err)
				}
				got := Classify(400, nil, fmt.Appendf(nil, `{"error":{"code":100,"error_user_msg":%s,"error_data":%s}}`, message, data), 5)
				if got.EventIndex != tt.index || got.BlameField != tt.field {
					t.Errorf("quoted %t: %d %q, want %d %q", quoted, got.EventIndex, got.BlameField, tt.index, tt.field)
				}
				if strings.Contains(got.BlameField, "jane") {
					t.Errorf("a value leaks: %q", got.BlameField)
				}
			}
		})
	}
}
