package enrich

import (
	"github.com/omnicapi/omnicapi/pkg/capi"
	"github.com/omnicapi/omnicapi/pkg/format/mapping"
	"github.com/omnicapi/omnicapi/pkg/identity"
)

// address adds the visitor's address: a public IPv6 before a public IPv4, the cookie's before the request's of each.
func address(e *capi.Event, b *mapping.Browser) {
	if ip := identity.ChooseIP(b.CookieIP, b.IP); ip != nil {
		add(e, identity.ClientIPAddress, ip)
	}
}
