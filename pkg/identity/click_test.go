package identity

import (
	"strings"
	"testing"
)

func TestClickIDs(t *testing.T) {
	rows := []row{
		{"fb.1.1554763741205.AbCdEfGhIjKlMnOpQrStUvWxYz1234567890", "fb.1.1554763741205.AbCdEfGhIjKlMnOpQrStUvWxYz1234567890", Kept},
		{" fb.0.1596403881668.1116446470 ", "fb.0.1596403881668.1116446470", Kept},
		{"fb.2.1596403881668.1116446470.ABcDEFGh", "fb.2.1596403881668.1116446470.ABcDEFGh", Kept},
		{"fb.1.123.abc.AQ", "fb.1.123.abc.AQ", Kept},
		{"fb.1.123.abc.Bg", "fb.1.123.abc.Bg", Kept},
		{"fb.1.123.abc", "fb.1.123.abc", Kept}, // PB does not check the time's length
		{"", "", Empty},
		{"fb.1.123.abc.ZZ", "", Malformed},
		{"fb.1.123.abc.aq", "", Malformed},
		{"fb.1.123.abc.", "", Malformed},
		{"fb.1.123.abc.invalid", "", Malformed},
		{"fb.1.123.abc.AQ.AQ", "", Malformed},
		{"fb.1.123.abc.ABcDEF+h", "", Malformed},
		{"fb.1.123.", "", Malformed},
		{"fb.1.123", "", Malformed},
		{"fb.1", "", Malformed},
		{"fb1.1.123.abc", "", Malformed},
		{"FB.1.123.abc", "", Malformed},
		{"fb.1b.123.abc", "", Malformed},
		{"fb..123.abc", "", Malformed},
		{"fb.1.123aa.abc", "", Malformed},
		{"fb.1..abc", "", Malformed},
		{"fb.1.123.a bc", "", Malformed},
		{"fb.1.123.abç", "", Malformed},
		{"fb.1.123." + strings.Repeat("a", longestID), "", Malformed},
	}
	check(t, Fbc, nil, rows)
	check(t, Fbp, nil, rows)
}

func TestAppendFbc(t *testing.T) {
	for _, c := range []struct {
		fbclid string
		ms     int64
		want   string
	}{
		{"IwAR2F4-dbP0l7Mn1IawQQGCINEz7PYXQvwjNwB_qa2ofrHyiLjcbCRxTDMgk", 1554763741205, "fb.1.1554763741205.IwAR2F4-dbP0l7Mn1IawQQGCINEz7PYXQvwjNwB_qa2ofrHyiLjcbCRxTDMgk"},
		{strings.Repeat("a", longestFbclid), 1, "fb.1.1." + strings.Repeat("a", longestFbclid)},
		{strings.Repeat("a", longestFbclid+1), 1, ""},
		{"", 1, ""},
		{"a.b", 1, ""},
		{"a b", 1, ""},
		{"a\nb", 1, ""},
		{"abc", -1, ""},
	} {
		got := AppendFbc([]byte("x"), []byte(c.fbclid), c.ms)
		if string(got) != "x"+c.want {
			t.Errorf("AppendFbc(%q, %d) = %q, want %q", c.fbclid, c.ms, got, "x"+c.want)
		}
		if c.want == "" {
			continue
		}
		if _, drop := Append(nil, Fbc, got[1:], Auto, nil); drop != Kept {
			t.Errorf("what AppendFbc built of %q is no fbc: %v", c.fbclid, drop)
		}
	}
}

func TestFbclidOf(t *testing.T) {
	long := strings.Repeat("a", longestFbclid)
	for _, c := range []struct{ url, want string }{
		{"https://shop.example/?fbclid=IwAR_x-Y", "IwAR_x-Y"},
		{"https://shop.example/p?a=1&fbclid=AbC&b=2#top", "AbC"},
		{"shop.example?fbclid=AbC", "AbC"},
		{"?fbclid=a%2Db", "a-b"},
		{"?fbclid=a%252Db", "a%2Db"}, // decoded once
		{"?fbclid=a%", "a%"},
		{"?fbclid=a%2", "a%2"},
		{"?fbclid=a%zz", "a%zz"},
		{"?fbclid=%41%42", "AB"},
		{"?fbclid=&fbclid=b", "b"},
		{"?fbclid=a&fbclid=b", "a"},
		{"?fbclid=" + long, long},
		{"?fbclid=" + long + "a", ""},
		{"?fbclid=" + long[1:] + "%61", long},
		{"?fbclid=" + long + "%61", ""},
		{"?fbclid=a%20b", ""},
		{"?fbclid=a%2Eb", ""},
		{"?fbclid=a%00b", ""},
		{"https://shop.example/?fbclid=AbC.AQQCAQMC", "AbC"}, // PB's suffix is the URL's
		{"https://shop.example/?a=1&fbclid=AbC.AQ", "AbC"},
		{"https://shop.example/?fbclid=AbC.AQQCAQMC&a=1", ""},
		{"https://shop.example/?fbclid=AbC.more", ""},
		{"?fbclid", ""},
		{"?FBCLID=a", ""},
		{"?xfbclid=a", ""},
		{"https://shop.example/fbclid=a", ""},
		{"https://shop.example/#?fbclid=a", ""},
		{"", ""},
	} {
		if got := FbclidOf([]byte(c.url)); string(got) != c.want {
			t.Errorf("FbclidOf(%q) = %q, want %q", c.url, got, c.want)
		}
	}
}

func FuzzFbclidOf(f *testing.F) {
	for _, url := range []string{"https://shop.example/?fbclid=IwAR_x-Y", "?fbclid=a%252Db&x", "?fbclid=%&fbclid=%4", "#?fbclid=a"} {
		f.Add([]byte(url))
	}
	f.Fuzz(func(t *testing.T, url []byte) {
		fbclid := FbclidOf(url)
		if fbclid == nil {
			return
		}
		fbc := AppendFbc(nil, fbclid, 1)
		if out, drop := Append(nil, Fbc, fbc, Auto, nil); drop != Kept || string(out) != string(fbc) {
			t.Errorf("the fbclid %q of %q makes no fbc: %v", fbclid, url, drop)
		}
	})
}

// TestIsClick: IsClick agrees with Append.
func TestIsClick(t *testing.T) {
	for _, text := range []string{
		"", " ", "fb.1.1795000000000.IwAR2F4", " fb.1.1795000000000.IwAR2F4 ", "fb.1.1795000000000.IwAR2F4.AQ", "fb.1.x.y", "fb.1.2",
		"fb.1.1795000000000." + strings.Repeat("a", 2000),
	} {
		_, drop := Append(nil, Fbc, []byte(text), Auto, nil)
		if got := IsClick([]byte(text)); got != (drop == Kept) {
			t.Errorf("%.40q: %t, but Append says %v", text, got, drop)
		}
	}
}
