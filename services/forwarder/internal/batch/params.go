package batch

import (
	"encoding/json"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// testEventCode is the parameter that routes a batch to the test tab of Meta's Events Manager.
const testEventCode = "test_event_code"

// ownParam says whether a parameter is never taken from a sender: the events are ours, and so are the credentials.
func ownParam(key []byte) bool {
	switch string(key) {
	case "data", "access_token", "appsecret_proof":
		return true
	}
	return false
}

// ParseParams turns a signal's ce_params into the members that stand behind data in a body: `,"partner_agent":"x"`. Credentials and data
// are left out; the dataset's test event code is added when the sender sends none. Its error is a *fault.Error.
func ParseParams(raw []byte, code string) ([]byte, error) {
	var members []byte
	if len(raw) > 0 {
		if !json.Valid(raw) || jsonscan.Kind(raw) != 'o' {
			return nil, fault.New(fault.InvalidField, "ce_params")
		}
		var scratch []byte
		jsonscan.Object(raw, func(key, value []byte) bool {
			scratch = scratch[:0]
			name := jsonscan.Key(key, &scratch)
			if ownParam(name) {
				return true
			}
			if string(name) == testEventCode {
				if v := string(value); v == `""` || v == "null" {
					return true
				}
				code = ""
			}
			members = append(members, ',', '"')
			members = append(members, key...)
			members = append(members, '"', ':')
			members = append(members, value...)
			return true
		})
	}
	if code != "" {
		members = append(members, `,"`+testEventCode+`":`...)
		members = jsonscan.AppendString(members, []byte(code))
	}
	return members, nil
}
