package mapping

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// person is what user made of an object: "key=text" of each value, the sender's own ids, "field!reason" of each drop.
func person(o *Output) []string {
	got := []string{}
	for _, v := range o.Event.User.Values {
		got = append(got, v.Key.String()+"="+string(v.Text))
	}
	for name, id := range map[string][]byte{"membership": o.People.Membership, "user": o.People.User, "ga": o.People.GAClient} {
		if id != nil {
			got = append(got, name+":"+string(id))
		}
	}
	for _, d := range o.Dropped {
		got = append(got, d.Field+"!"+d.Reason)
	}
	return got
}

// TestUser: match keys by name and alias, one value or a list; the sender's own ids; what is left out, and by which name.
func TestUser(t *testing.T) {
	for _, c := range []struct {
		name, obj string
		browser   bool
		want      []string
	}{
		{name: "null", obj: `null`, want: []string{}},
		{name: "empty", obj: `{}`, want: []string{}},
		{name: "names in order", obj: `{"em":"a@b.co","ph":"1","external_id":"x"}`, want: []string{"em=a@b.co", "ph=1", "external_id=x"}},
		{name: "aliases", obj: `{"email":"a","Phone Number":"1","first-name":"J","zip":"1"}`, want: []string{"em=a", "ph=1", "fn=J", "zp=1"}},
		{name: "list", obj: `{"em":["a","b"],"ph":[]}`, want: []string{"em=a", "em=b"}},
		{name: "list with holes", obj: `{"em":["a",null,"",{"x":1},true,"b"]}`, want: []string{"em=a", "em=b", "em!malformed", "em!malformed"}},
		{name: "list of a list", obj: `{"em":[["a"]]}`, want: []string{"em=a"}},
		{name: "number is a text", obj: `{"ph":49301234567,"external_id":7}`, want: []string{"ph=49301234567", "external_id=7"}},
		{name: "escapes", obj: `{"fn":"J\u00e4ne"}`, want: []string{"fn=Jäne"}},
		{name: "no text", obj: `{"em":true,"ph":{"a":1},"fn":false}`, want: []string{"em!malformed", "ph!malformed", "fn!malformed"}},
		{name: "says nothing", obj: `{"em":null,"ph":"","fn":{},"nose":"","ear":null,"eye":[ ]}`, want: []string{}},
		{name: "unknown", obj: `{"nose":"big","":"x"}`, want: []string{"user_data!unknown", "user_data!unknown"}},
		{name: "membership", obj: `{"membership_number":"m"}`, want: []string{"membership:m"}},
		{name: "membership_id", obj: `{"membership_id":7}`, want: []string{"membership:7"}},
		{name: "member_id", obj: `{"member_id":"m"}`, want: []string{"membership:m"}},
		{name: "loyalty_id", obj: `{"loyalty_id":"m"}`, want: []string{"membership:m"}},
		{name: "user id", obj: `{"user_id":"u"}`, want: []string{"user:u"}},
		{name: "customer id", obj: `{"customer_id":"u"}`, want: []string{"user:u"}},
		{name: "GA client", obj: `{"ga_client_id":"1.2"}`, want: []string{"ga:1.2"}},
		{name: "client id", obj: `{"client_id":"1.2"}`, want: []string{"ga:1.2"}},
		{name: "own id is no text", obj: `{"user_id":{"a":1},"member_id":null,"client_id":[1]}`, want: []string{"external_id!malformed", "external_id!malformed"}},
		{
			name: "server's facts", obj: `{"client_ip_address":"203.0.113.7","client_user_agent":"Mozilla","fbp":"fb.1.1.1","fbc":"fb.1.1.c"}`,
			want: []string{"client_ip_address=203.0.113.7", "client_user_agent=Mozilla", "fbp=fb.1.1.1", "fbc=fb.1.1.c"},
		},
		{
			name: "a browser's claims", obj: `{"client_ip_address":"203.0.113.7","client_user_agent":"Mozilla","fbp":"fb.1.1.1","fbc":"fb.1.1.c","em":"a"}`,
			browser: true, want: []string{"em=a"},
		},
	} {
		o := new(Output)
		o.ReadUser([]byte(c.obj), !c.browser)
		if diff := cmp.Diff(c.want, person(o)); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
	for obj, want := range map[string][]string{
		`[]`: {}, `{}`: {}, `null`: {}, `""`: {}, `"undefined"`: {}, // PHP writes an empty object as a list, scripts say undefined
		`["em"]`: {"user_data!unknown"}, `"em"`: {"user_data!malformed"}, `7`: {"user_data!malformed"}, `true`: {"user_data!malformed"},
	} {
		o := new(Output)
		o.ReadUser([]byte(obj), true)
		if diff := cmp.Diff(want, person(o)); diff != "" {
			t.Errorf("%s: %s", obj, diff)
		}
	}
}
