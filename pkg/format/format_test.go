package format

import "testing"

// TestBodyType: a format's own type goes before what a body looks like, a list's before both.
func TestBodyType(t *testing.T) {
	plain, own := &Format{}, &Format{ContentType: "text/csv"}
	events := &Format{ContentType: "application/cloudevents+json", ListType: "application/cloudevents-batch+json"}
	for _, c := range []struct {
		format     *Format
		body, want string
	}{
		{plain, ` {"a":1}`, "application/json"},
		{plain, `[]`, "application/json"},
		{plain, `<a/>`, "text/xml"},
		{plain, `a=1`, "application/x-www-form-urlencoded"},
		{plain, ``, "application/x-www-form-urlencoded"},
		{own, `{"a":1}`, "text/csv"},
		{events, `{}`, "application/cloudevents+json"},
		{events, ` [{}]`, "application/cloudevents-batch+json"},
	} {
		if got := c.format.BodyType([]byte(c.body)); got != c.want {
			t.Errorf("%q: %s, want %s", c.body, got, c.want)
		}
	}
}
