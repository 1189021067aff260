package recorded

import (
	"testing"
	"time"
)

func TestMoved(t *testing.T) {
	const by = 50*time.Hour + 31*time.Minute + 5*time.Second
	for text, want := range map[string]string{
		`{"t":1795426200}`:                          `{"t":1795608065}`,
		`ts=1795426200123&x`:                        `ts=1795608065123&x`,
		`1795426200123456`:                          `1795608065123456`,
		`"2026-11-23T09:30:00.5Z"`:                  `"2026-11-25T12:01:05.5Z"`,
		`"2026-11-23T04:30:00-05:00"`:               `"2026-11-25T07:01:05-05:00"`,
		`2026-11-23 09:30:00.000`:                   `2026-11-25 12:01:05.000`,
		`t=2026-11-23%2009%3A30%3A00`:               `t=2026-11-25%2012%3A01%3A05`,
		`"2026-11-23T23:59"`:                        `"2026-11-26T02:30"`,
		`SF-001-2026-11-23`:                         `SF-001-2026-11-25`,
		`fb.1.1795000000000.1098115397`:             `fb.1.1795000000000.1098115397`, // an old cookie
		`1990-07-04 17954262001 a1795426200b 12345`: `1990-07-04 17954262001 a1795426200b 12345`,
	} {
		if got := string(Moved([]byte(text), by)); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}

// TestMoveSignsAgain: a good signature is good again at the new time, a wrong one stays wrong.
func TestMoveSignsAgain(t *testing.T) {
	now := time.Unix(Moment, 0).Add(1000 * time.Hour)
	cases, err := Cases()
	if err != nil {
		t.Fatal(err)
	}
	signed := 0
	for _, c := range cases {
		scheme := schemeOf(c.Format)
		if scheme == nil {
			continue
		}
		secret, err := Secret(c.Format)
		if err != nil {
			t.Fatal(err)
		}
		r, err := c.Request()
		if err != nil {
			t.Fatal(err)
		}
		was := scheme.Holds(r.signed(time.Unix(Moment, 0)), secret)
		if err := r.Move(Until(now), now); err != nil {
			t.Fatal(err)
		}
		if is := scheme.Holds(r.signed(now), secret); is != was {
			t.Errorf("%s/%s: signed right %v, then %v", c.Format, c.Name, was, is)
		}
		if was {
			signed++
		}
	}
	if signed < 7 {
		t.Errorf("only %d requests are signed right", signed)
	}
}
