package network

import (
	"net/netip"
	"testing"
)

// TestOf: what is one client's, and what only looks like several.
func TestOf(t *testing.T) {
	for _, c := range []struct {
		one, other   string
		narrow, wide bool // the same
	}{
		{"203.0.113.9", "203.0.113.9", true, true},
		{"203.0.113.9", "203.0.113.10", false, false},
		{"203.0.113.9", "::ffff:203.0.113.9", true, true},
		{"2001:db8::1", "2001:db8::ffff:ffff:ffff:ffff", true, true},
		{"2001:db8:0:1::1", "2001:db8:0:2::1", false, true},
		{"2001:db8:1::1", "2001:db8:2::1", false, false},
		{"fe80::1%eth0", "fe80::2%eth1", true, true},
		{"::", "0.0.0.0", false, false},
	} {
		a, b := Of(netip.MustParseAddr(c.one)), Of(netip.MustParseAddr(c.other))
		if (a.narrow == b.narrow) != c.narrow || (a.wide == b.wide) != c.wide {
			t.Errorf("%s and %s: %v, %v", c.one, c.other, a, b)
		}
	}
	if Of(netip.Addr{}) != (Network{}) {
		t.Error("what is no address has a network")
	}
}

// TestParseList: addresses and ranges, IPv4 in IPv6 among them.
func TestParseList(t *testing.T) {
	l, err := ParseList([]string{"10.0.0.1", "::ffff:192.0.2.1", "172.16.0.0/12", "fc00::/7"})
	if err != nil {
		t.Fatal(err)
	}
	for addr, want := range map[string]bool{
		"10.0.0.1": true, "10.0.0.2": false, "192.0.2.1": true, "172.31.255.255": true, "172.32.0.0": false, "fd00::1": true, "2001:db8::1": false,
	} {
		if l.Holds(netip.MustParseAddr(addr)) != want {
			t.Errorf("%s: not %v", addr, want)
		}
	}
	if l.Holds(netip.Addr{}) {
		t.Error("what is no address is in the list")
	}
	for _, bad := range []string{"", "home", "10.0.0.0/33"} {
		if _, err := ParseList([]string{bad}); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}
