package identity

import (
	"net/netip"
	"testing"
)

func TestClientIPAddress(t *testing.T) {
	check(t, ClientIPAddress, nil, []row{
		{"8.8.8.8", "8.8.8.8", Kept},
		{" 8.8.8.8\n", "8.8.8.8", Kept},
		{"2001:DB8::1", "2001:DB8::1", Kept}, // documentation ranges are for rehearsals
		{"203.0.113.7", "203.0.113.7", Kept},
		{"2001:db8::1.AQQCAQMC", "2001:db8::1.AQQCAQMC", Kept},
		{"8.8.8.8.AQQCAQMC", "8.8.8.8.AQQCAQMC", Kept},
		{"8.8.8.8.BA", "8.8.8.8.BA", Kept},
		{"::ffff:8.8.8.8", "8.8.8.8", Kept},
		{"::FFFF:808:808", "8.8.8.8", Kept},
		{"::ffff:8.8.8.8.AQQCAQMC", "8.8.8.8.AQQCAQMC", Kept},
		{"", "", Empty},
		{" \t", "", Empty},
		{"unknown", "", Malformed},
		{"8.8.8.8:443", "8.8.8.8", Kept},
		{"8.8.8.8:", "", Malformed},
		{"8.8.8.8:http", "", Malformed},
		{"[8.8.8.8]:443", "8.8.8.8", Kept},
		{"[2001:db8::1]", "2001:db8::1", Kept},
		{"[2001:db8::1]:443", "2001:db8::1", Kept},
		{"[2001:db8::1]x", "", Malformed},
		{"[::ffff:8.8.8.8]:443", "8.8.8.8", Kept},
		{"2001:db8::1:443", "2001:db8::1:443", Kept}, // an address, too
		{"10.0.0.1:443", "", Private},
		{"8.8.8.8.AQQCAQMC, 9.9.9.9", "8.8.8.8.AQQCAQMC", Kept},
		{"10.0.0.1, 8.8.8.8:443", "8.8.8.8", Kept},
		{"unknown, [2001:db8::1]:1, 8.8.8.8", "2001:db8::1", Kept},
		{"10.0.0.1,192.168.0.1", "", Private},
		{"10.0.0.1; 8.8.8.8:443", "8.8.8.8", Kept},
		{"10.0.0.1 8.8.8.8", "8.8.8.8", Kept},
		{`for="[2001:db8::1]:443";proto=https;by=10.0.0.1`, "2001:db8::1", Kept},
		{"for=unknown, for=8.8.8.8", "8.8.8.8", Kept},
		{" ; , ", "", Malformed},
		{`["10.0.0.1", "8.8.8.8"]`, "8.8.8.8", Kept},
		{`["2001:db8::1"]`, "2001:db8::1", Kept},
		{`["[2001:db8::1]:443","8.8.8.8"]`, "2001:db8::1", Kept},
		{`[]`, "", Malformed},
		{",", "", Malformed},
		{"2001:db8::1%eth0", "", Malformed},
		{"::ffff:8.8.8.8%1", "", Malformed},
		{"8.8.8", "", Malformed},
		{"8.8.8.256", "", Malformed},
		{"08.8.8.8", "", Malformed},
		{"8.8.8.8.ZZ", "", Malformed},
		{"8.8.8.8, 9.9.9.9", "8.8.8.8", Kept},
		{".AQQCAQMC", "", Malformed},
		{"ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.2555.AQQCAQMC", "", Malformed},
	})
}

// TestNotPublic asks the first and the last address of every range, and their neighbours outside.
func TestNotPublic(t *testing.T) {
	for _, r := range []struct{ before, first, last, after string }{
		{"", "0.0.0.0", "0.255.255.255", "1.0.0.0"},
		{"9.255.255.255", "10.0.0.0", "10.255.255.255", "11.0.0.0"},
		{"100.63.255.255", "100.64.0.0", "100.127.255.255", "100.128.0.0"},
		{"126.255.255.255", "127.0.0.0", "127.255.255.255", "128.0.0.0"},
		{"169.253.255.255", "169.254.0.0", "169.254.255.255", "169.255.0.0"},
		{"172.15.255.255", "172.16.0.0", "172.31.255.255", "172.32.0.0"},
		{"191.255.255.255", "192.0.0.0", "192.0.0.255", "192.0.1.0"},
		{"192.167.255.255", "192.168.0.0", "192.168.255.255", "192.169.0.0"},
		{"198.17.255.255", "198.18.0.0", "198.19.255.255", "198.20.0.0"},
		{"223.255.255.255", "224.0.0.0", "255.255.255.255", ""},
		{"", "::", "::1", "::2"},
		{"fbff::1", "fc00::", "fdff:ffff::1", "fe00::1"},
		{"fe7f::1", "fe80::1", "febf::1", "fec0::1"},
		{"feff::1", "ff00::", "ffff::1", ""},
	} {
		for _, text := range []string{r.first, r.last} {
			wantDrop(t, text, Private)
			wantDrop(t, text+".AQQCAQMC", Private)
			if netip.MustParseAddr(text).Is4() {
				wantDrop(t, "::ffff:"+text, Private)
			}
		}
		for _, text := range []string{r.before, r.after} {
			if text != "" {
				wantDrop(t, text, Kept)
			}
		}
	}
}

func wantDrop(t *testing.T, address string, want Drop) {
	t.Helper()
	if _, drop := Append(nil, ClientIPAddress, []byte(address), Auto, nil); drop != want {
		t.Errorf("%s is %v, want %v", address, drop, want)
	}
}

func TestChooseIP(t *testing.T) {
	for _, c := range []struct{ cookie, request, want string }{
		{"2001:db8::1", "2001:db8::2", "2001:db8::1"},
		{"8.8.8.8", "2001:db8::2", "2001:db8::2"},
		{"2001:db8::1", "8.8.8.8", "2001:db8::1"},
		{"8.8.8.8", "9.9.9.9", "8.8.8.8"},
		{"::ffff:8.8.8.8", "2001:db8::2", "2001:db8::2"}, // it is IPv4
		{"10.0.0.1", "9.9.9.9", "9.9.9.9"},
		{"fe80::1", "9.9.9.9", "9.9.9.9"},
		{"8.8.8.8", "fc00::1", "8.8.8.8"},
		{"nonsense", "9.9.9.9", "9.9.9.9"},
		{"8.8.8.8", "", "8.8.8.8"},
		{"", " 9.9.9.9 ", "9.9.9.9"},
		{"2001:db8::1.AQQCAQMC", "2001:db8::2", "2001:db8::1.AQQCAQMC"},
		{"10.0.0.1", "192.168.0.1", ""},
		{"[2001:db8::1]:443", "9.9.9.9", "2001:db8::1"},
		{"", "10.0.0.1, 9.9.9.9:1", "9.9.9.9"},
		{"", "", ""},
	} {
		if got := ChooseIP([]byte(c.cookie), []byte(c.request)); string(got) != c.want {
			t.Errorf("ChooseIP(%q, %q) = %q, want %q", c.cookie, c.request, got, c.want)
		}
	}
	if ChooseIP(nil, []byte("10.0.0.1")) != nil {
		t.Error("a private address was chosen")
	}
}
