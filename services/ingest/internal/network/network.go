// Package network says which client network an address belongs to, and bounds what one may take of ingest: connections, events of
// senders that prove nothing, and wrong secrets. Package httpapi asks it. It refuses to remember an address: its tables hold keyed
// hashes, are bounded, and forget nothing that would make a limit begin anew.
package network

import (
	"net/netip"
	"strings"
)

// How many bits of an address are one client's, and how many those of a wider network. An IPv4 address is given out alone. Of IPv6
// one machine has 2^64 (RFC 4291, 2.5.1), and a site, or a provider's phones of a region, up to a /48 (RFC 6177): who has one
// counts once as the other, so that 65 536 made-up networks are no way around a limit.
const (
	narrow4 = 32
	narrow6 = 64
	wide6   = 48
)

// Wider is how many times a network's limit the wider one has.
const Wider = 4

// Network is where clients come from. The zero value is that of all whose address is not known.
type Network struct {
	narrow, wide netip.Prefix // equal, where there is no wider one
}

// Of returns the network of an address.
func Of(addr netip.Addr) Network {
	if !addr.IsValid() {
		return Network{}
	}
	addr = addr.Unmap().WithZone("")
	if addr.Is4() {
		n := netip.PrefixFrom(addr, narrow4)
		return Network{narrow: n, wide: n}
	}
	return Network{narrow: netip.PrefixFrom(addr, narrow6).Masked(), wide: netip.PrefixFrom(addr, wide6).Masked()}
}

// List is addresses and ranges.
type List []netip.Prefix

// ParseList reads addresses and CIDR ranges.
func ParseList(texts []string) (List, error) {
	var list List
	for _, text := range texts {
		if !strings.Contains(text, "/") {
			addr, err := netip.ParseAddr(text)
			if err != nil {
				return nil, err
			}
			list = append(list, netip.PrefixFrom(addr.Unmap(), addr.Unmap().BitLen()))
			continue
		}
		p, err := netip.ParsePrefix(text)
		if err != nil {
			return nil, err
		}
		list = append(list, p.Masked())
	}
	return list, nil
}

// Holds says whether an address is in the list.
func (l List) Holds(addr netip.Addr) bool {
	for _, p := range l {
		if p.Contains(addr) {
			return true
		}
	}
	return false
}
