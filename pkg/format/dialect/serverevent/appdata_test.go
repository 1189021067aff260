package serverevent

import (
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/omnicapi/omnicapi/pkg/format/mapping"
)

// sixteen is an extinfo of Meta's length.
const sixteen = `"a2","pkg","build","1.0","14","Pixel","en_US","CET","Tele","1080","1920","3","8","128","64","Europe/Berlin"`

// texts are extinfo's in one line.
func texts(o *mapping.Output) string {
	var all []string
	for _, text := range o.Event.App.ExtInfo {
		all = append(all, string(text))
	}
	return strings.Join(all, "|")
}

// TestExtInfo: 16 texts as a list or as the Node SDK's object, holes included; another length stays as it is, for
// validation to refuse.
func TestExtInfo(t *testing.T) {
	plain := strings.ReplaceAll(sixteen, `","`, "|")
	plain = strings.Trim(plain, `"`)
	var object strings.Builder
	for i, text := range strings.Split(sixteen, ",") {
		object.WriteString(`,"` + strconv.Itoa(i) + `":` + text)
	}
	numbers := strings.NewReplacer(`"1080"`, "1080", `"1920"`, "1920", `"3"`, "3", `"128"`, "128").Replace(sixteen)
	for _, c := range []struct {
		name, value, want string
		dropped           []mapping.Dropped
	}{
		{"list", `[` + sixteen + `]`, plain, nil},
		{"numbers", `[` + numbers + `]`, plain, nil},
		{"truths", strings.Replace(`[`+sixteen+`]`, `"128"`, `true`, 1), strings.Replace(plain, "128", "1", 1), nil},
		{"holes", `["a2",null,"",{},"14",[],7,false,null,null,null,null,null,null,null,null]`, "a2||||14||7|0||||||||", nil},
		{"the Node SDK's object", `{` + object.String()[1:] + `}`, plain, nil},
		{"an object with holes", `{"4":"14","0":"i2"}`, "i2||||14|||||||||||", nil},
		{"an object with more", `{"0":"i2","16":"x","-1":"x","one":"x"}`, "i2|||||||||||||||", []mapping.Dropped{{Field: mapping.FieldExtInfo, Reason: mapping.Unknown}, {Field: mapping.FieldExtInfo, Reason: mapping.Unknown}, {Field: mapping.FieldExtInfo, Reason: mapping.Unknown}}},
		{"an empty object", `{}`, "|||||||||||||||", nil},
		{"15", `["a2"` + strings.Repeat(`,""`, 14) + `]`, "a2" + strings.Repeat("|", 14), nil},
		{"17", `["a2"` + strings.Repeat(`,""`, 16) + `]`, "a2" + strings.Repeat("|", 16), nil},
		{"none", `[]`, "", nil},
		{"null", `null`, "", nil},
		{"a text", `"a2"`, "", []mapping.Dropped{{Field: mapping.FieldExtInfo, Reason: mapping.Malformed}}},
	} {
		o := new(mapping.Output)
		appData(o, []byte(`{"extinfo":`+c.value+`}`))
		if got := texts(o); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
		if diff := cmp.Diff(c.dropped, o.Dropped); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}

// TestAppData: flags as 0 and 1, match keys to the person, the rest as it is.
func TestAppData(t *testing.T) {
	for _, c := range []struct {
		obj, advertiser, application, rest string
		dropped                            []mapping.Dropped
	}{
		{`{"advertiser_tracking_enabled":true,"application_tracking_enabled":false}`, "1", "0", "", nil},
		{`{"advertiser_tracking_enabled":0,"application_tracking_enabled":1}`, "0", "1", "", nil},
		{`{"advertiser_tracking_enabled":"True","application_tracking_enabled":"0"}`, "1", "0", "", nil},
		{`{"advertiser_tracking_enabled":null,"application_tracking_enabled":""}`, "", "", "", nil},
		{`{"advertiser_tracking_enabled":"maybe","application_tracking_enabled":2}`, "", "", "", []mapping.Dropped{{Field: mapping.FieldAdvertiser, Reason: mapping.Malformed}, {Field: mapping.FieldApplication, Reason: mapping.Malformed}}},
		{`{"madid":"M-1","anon_id":"XZ1"}`, "", "", "madid=M-1 anon_id=XZ1", nil},
		{
			`{"campaign_ids":"c","include_dwell_data":true,"consider_views":false,"vendor_id":null,"windows_attribution_id":"","n":5,"o":{"a":1},"e":{}}`,
			"", "", `campaign_ids="c" include_dwell_data=1 consider_views=0 n=5 o={"a":1}`, nil,
		},
		{`{"a\u0062":1}`, "", "", `ab=1`, nil},
		{`null`, "", "", "", nil},
		{`[]`, "", "", "", []mapping.Dropped{{Field: mapping.FieldApp, Reason: mapping.Malformed}}},
		{`"x"`, "", "", "", []mapping.Dropped{{Field: mapping.FieldApp, Reason: mapping.Malformed}}},
	} {
		o := new(mapping.Output)
		appData(o, []byte(c.obj))
		var rest []string
		for _, v := range o.Event.User.Values {
			rest = append(rest, v.Key.String()+"="+string(v.Text))
		}
		for _, m := range o.Event.App.Members {
			rest = append(rest, string(m.Key)+"="+string(m.Value))
		}
		got := []string{string(o.Event.App.AdvertiserTracking), string(o.Event.App.ApplicationTracking), strings.Join(rest, " ")}
		if diff := cmp.Diff([]string{c.advertiser, c.application, c.rest}, got); diff != "" {
			t.Errorf("%s: %s", c.obj, diff)
		}
		if diff := cmp.Diff(c.dropped, o.Dropped); diff != "" {
			t.Errorf("%s: %s", c.obj, diff)
		}
	}
}
