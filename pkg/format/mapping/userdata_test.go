package mapping

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/omnicapi/omnicapi/pkg/identity"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// TestUserSpellings: what senders write for one and the same person.
func TestUserSpellings(t *testing.T) {
	const sha = "8c87b489ce35cf2e2f39f80e282cb2e804932a56a213983eeeb428407d43b52d"
	for _, c := range []struct {
		name, obj string
		want      []string
	}{
		{"Google's names", `{"email_address":"a@b.co","phone_number":"+1","address":{"first_name":"J","last_name":"D","street":"S 1","city":"C","region":"R","postal_code":"1","country":"US"}}`, []string{
			"em=a@b.co", "ph=+1", "fn=J", "ln=D", "ct=C", "st=R", "zp=1", "country=US", "user_data!unknown",
		}},
		{"camel case", `{"emailAddress":"a","phoneNumber":"1","firstName":"J","lastName":"D","postalCode":"1","countryCode":"US","userId":"u"}`, []string{
			"em=a", "ph=1", "fn=J", "ln=D", "zp=1", "country=US", "user:u",
		}},
		{"JSON in a text", `"{\"em\":\"a\",\"address\":\"{\\\"city\\\":\\\"C\\\"}\"}"`, []string{"em=a", "ct=C"}},
		{"lists as JSON in a text", `{"em":"[\"a\",\"b\"]","ph":" [1]"}`, []string{"em=a", "em=b", "ph=1"}},
		{"a text that only looks so", `{"ct":"[object Object]","fn":"{"}`, []string{"ct=[object Object]", "fn={"}},
		{"PHP's lists", `{"em":{"0":"a","1":"b"},"ph":{"2":"1"},"address":{"0":{"city":"C"},"1":{"city":"D"}}}`, []string{"em=a", "em=b", "ph=1", "ct=C", "user_data!unknown"}},
		{"a list of one", `[{"em":"a"}]`, []string{"em=a"}},
		{"a list of people", `[{},{"em":"a"},{"em":"b"},null]`, []string{"em=a", "user_data!unknown"}},
		{"addresses", `{"address":[null,{},{"first_name":"J","city":"C"},{"first_name":"K","city":"D"}]}`, []string{"fn=J", "ct=C", "user_data!unknown"}},
		{"two members with an address", `{"address":{"city":"C"},"billing_address":{"city":"D"}}`, []string{"ct=C", "user_data!unknown"}},
		{"a postal address as one text", `{"em":"a","address":"Main St 1"}`, []string{"em=a", "user_data!unknown"}},
		{"flat beside an address", `{"address":{"city":"C","country":"US","first_name":"j ","last_name":"D"},"first_name":"J","city":"B"}`, []string{
			"fn=J", "ct=B", "country=US", "ln=D",
		}},
		{"another person's address", `{"first_name":"Ann","address":{"first_name":"J","last_name":"D","city":"C"}}`, []string{"fn=Ann", "ct=C"}},
		{"paths", `{"address.0.first_name":"J","address[0].city":"C","address[0][country]":"US","address.region":"R","address.1.city":"D","em.0":"a","em[]":"b","ph[1]":"1"}`, []string{
			"fn=J", "ct=C", "country=US", "st=R", "em=a", "em=b", "ph=1", "user_data!unknown",
		}},
		{"paths to nothing", `{"address.0.nose":"x","a.b.c":"x",".":"x","address.0":{"city":"C"},"0":{"em":"a"},"1.em":"b","em.x":"c"}`, []string{
			"ct=C", "user_data!unknown", "user_data!unknown", "user_data!malformed", "user_data!unknown", "user_data!unknown", "user_data!unknown",
		}},
		{"declared digests", `{"sha256_email_address":"` + sha + `","sha256_first_name":"J","hashedLastName":"x","email_sha256":["` + sha + `"],"sha256_phone_number":"` + sha + `","hashed_nose":"x"}`, []string{
			"em=" + sha, "fn=J", "ln=x", "em=" + sha, "ph!malformed", "user_data!unknown",
		}},
		{"the tag's digests", `{"em":"tv.1~em.aa~em.e2~pn.bb~fn0.cc~ln0.dd~sa0.ee~ct0.Oslo~rg0.R~pc0.0150~co0.NO~fn1.ff~ec.e3~x"}`, []string{
			"em=aa", "fn=cc", "ln=dd", "ct=Oslo", "st=R", "zp=0150", "country=NO", "em!malformed", "ph!malformed", "user_data!unknown", "user_data!unknown",
		}},
		{"the tag's digests of another version", `{"em":"tv.12~em.aa"}`, []string{"user_data!malformed"}},
		{"no digests of the tag", `{"em":"tv.1@example.com","fn":"tv.1~em.aa"}`, []string{"em=tv.1@example.com", "fn=tv.1~em.aa"}},
	} {
		o := new(Output)
		o.ReadUser([]byte(c.obj), true)
		if diff := cmp.Diff(c.want, person(o)); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}

// TestDeclaredDigests: what is said to be a digest is never hashed.
func TestDeclaredDigests(t *testing.T) {
	o := new(Output)
	o.ReadUser([]byte(`{"sha256_email_address":"a","em":"b","ph":"1","last_name_hash":"c"}`), true)
	o.ReadTagUser([]byte("tv.1~em.d~fn0.e~pc0.1"))
	want := []identity.Form{
		identity.DeclaredHashed, identity.Auto, identity.Auto, identity.DeclaredHashed, identity.DeclaredHashed, identity.DeclaredHashed, identity.Auto,
	}
	for i, v := range o.Event.User.Values {
		if v.Form != want[i] {
			t.Errorf("%v=%s has form %d", v.Key, v.Text, v.Form)
		}
	}
}

// TestUserPath: a member of an event that is a path into user_data.
func TestUserPath(t *testing.T) {
	for key, want := range map[string][]string{
		"user_data.email": {"em=x"}, "user_data.address.0.city": {"ct=x"}, "user_data[em]": {"em=x"}, "userData.firstName": {"fn=x"}, "user.email": {"em=x"},
		"user_data.nose": {"user_data!unknown"},
		"user_data":      nil, "user_data.": nil, "users.email": nil, "user_id": nil, "email": nil,
	} {
		o := new(Output)
		if ok := o.ReadUserPath([]byte(key), []byte(`"x"`), true); ok != (want != nil) {
			t.Errorf("%s: %v", key, ok)
		}
		if want == nil {
			want = []string{}
		}
		if diff := cmp.Diff(want, person(o)); diff != "" {
			t.Errorf("%s: %s", key, diff)
		}
	}
}

// FuzzUser: no spelling panics, and one is read alike each time.
func FuzzUser(f *testing.F) {
	for _, seed := range []string{
		`{"em":"tv.1~em.a~fn0.e1~co0.NO~"}`, `{"address.0":{"address":[{"address":{}}]}}`, `"{\"em\":[\"[1]\"]}"`, `{"0":{"0":{"0":"x"}}}`, `{"a[b":1,"]":2}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, obj []byte) {
		if jsonscan.Check(obj, jsonscan.Limits{}) != nil {
			return
		}
		first, again := new(Output), new(Output)
		first.ReadUser(obj, true)
		again.ReadUser(obj, true)
		if len(first.Event.User.Values) != len(again.Event.User.Values) || !cmp.Equal(first.Dropped, again.Dropped) {
			t.Errorf("%s is read differently again", obj)
		}
	})
}
