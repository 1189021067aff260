package capi

import (
	"testing"

	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/pkg/format/receive/receivetest"
)

func FuzzReceive(f *testing.F) {
	const multi = "multipart/form-data; boundary=cut"
	for _, seed := range [][2]string{
		{`{"data":[` + receivetest.SeedEvent + `],"access_token":"t","test_event_code":null,"partner_agent":"p"}`, "application/json"},
		{`{"data":"[{\"event_name\":\"x\"}]"}`, ""},
		{`{"data":["{\"event_name\":\"x\"}",7,null]}`, ""},
		{"access_token=t&data=%5B%22%7B%5C%22event_name%5C%22%3A1%7D%22%5D&upload_tag=%C3%A4", "application/x-www-form-urlencoded"},
		{"--cut\r\nContent-Disposition: form-data; name=\"data\"\r\n\r\n[" + receivetest.SeedEvent + "]\r\n--cut--\r\n", multi},
		{`{"data":[{"access\u005ftoken":"s","event_id":"\ud83d\ude00"}]}`, ""},
		{"", ""},
		{"[", ""},
		{"a=%", ""},
	} {
		f.Add([]byte(seed[0]), seed[1])
	}
	f.Fuzz(func(t *testing.T, body []byte, contentType string) {
		receivetest.Decode(t, Receiver{}, Answer{}, body, contentType, nil)
		receivetest.Decode(t, Receiver{}, receive.Own{}, body, contentType, nil)
	})
}
