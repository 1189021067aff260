package identity

import "testing"

func TestSubdomainIndex(t *testing.T) {
	for page, want := range map[string]int{
		"https://example.com/": 1, "https://www.shop.example.com/p?a=b": 1, "https://EXAMPLE.CO.UK?x": 2, "https://www.example.co.uk": 2,
		"https://shop.myshopify.com/": 2, "https://example.com.au:8443/": 2, "https://user:pw@example.com:80/": 1, "https://example.com./": 1,
		"http://localhost:3000/": 0, "http://203.0.113.24/p": 0, "http://[2001:db8::1]:80/": 0, "https://co.uk/": 1, "https://com/": 0,
		"https://xn--exmple-cua.com/": 1, "": 1, "shop.example.com": 1, "/landing": 1, "https://": 1, "https://[::1": 1, "https://a..b/": 2,
		"https://example.com#@evil.co.uk": 1, "https://example.com\\@evil.co.uk": 1,
	} {
		if got := SubdomainIndex([]byte(page)); got != want {
			t.Errorf("%q: %d, want %d", page, got, want)
		}
	}
}

func TestAppendFbcOf(t *testing.T) {
	for _, c := range []struct {
		page, fbclid string
		ms           int64
		want         string
	}{
		{"https://www.example.co.uk/", "Ab-1", 1795426200000, "fb.2.1795426200000.Ab-1"},
		{"", "Ab-1", 1, "fb.1.1.Ab-1"},
		{"https://example.com/", "a.b", 1, ""},
		{"https://example.com/", "a", -1, ""},
	} {
		got := string(AppendFbcOf([]byte("x"), []byte(c.page), []byte(c.fbclid), c.ms))
		if got != "x"+c.want {
			t.Errorf("%s %s: %s", c.page, c.fbclid, got)
		}
		if c.want != "" && !IsClick([]byte(got[1:])) {
			t.Errorf("%s is no fbc", got)
		}
	}
}

func FuzzSubdomainIndex(f *testing.F) {
	for _, seed := range []string{"https://www.example.co.uk:80/x", "http://[::1]/", "https://a..b", "://\xff"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, page []byte) {
		if i := SubdomainIndex(page); i < 0 || i > longestHost {
			t.Errorf("%d", i)
		}
	})
}
