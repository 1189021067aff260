package identity

import "testing"

func TestThin(t *testing.T) {
	for _, c := range []struct {
		keys []Key
		few  bool
	}{
		{nil, true},
		{[]Key{ClientUserAgent}, true},
		{[]Key{Ct, Country, St, Zp, Ge, ClientUserAgent}, true},
		{[]Key{Country, Zp}, true},
		{[]Key{Db, ClientUserAgent}, true},
		{[]Key{Fn}, true},
		{[]Key{Fn, Ge}, true},
		{[]Key{Ln, Ge}, true},
		{[]Key{Fn, Ln}, false},
		{[]Key{Db, Ge}, false},
		{[]Key{Fn, Ct}, false},
		{[]Key{Ct, Country, St, Zp, Ge, ClientUserAgent, Db}, false},
	} {
		if got := TooFewKeys(maskOf(c.keys)); got != c.few {
			t.Errorf("TooFewKeys of %v is %v", c.keys, got)
		}
	}
	weak := maskOf([]Key{Ct, Country, St, Zp, Ge, ClientUserAgent, Db, Fn, Ln})
	for k := range NumKeys {
		if weak&k.Bit() == 0 && TooFewKeys(k.Bit()|ClientUserAgent.Bit()) {
			t.Errorf("%v does not rescue an event", k)
		}
	}
}

func maskOf(keys []Key) (mask uint64) {
	for _, k := range keys {
		mask |= k.Bit()
	}
	return mask
}
