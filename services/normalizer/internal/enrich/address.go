package enrich

import (
	"github.com/omnicapi/omnicapi/pkg/capi"
	"github.com/omnicapi/omnicapi/pkg/format/mapping"
	"github.com/omnicapi/omnicapi/pkg/identity"
)

// address adds the visitor's IP address, unless the event has a public one: a public IPv6 address before a public IPv4
// address and, of one family, the cookie's before the request's.
func address(e *capi.Event, b *mapping.Browser) {
	if ip := identity.ChooseIP(b.CookieIP, b.IP); ip != nil && identity.ChooseIP(value(e, identity.ClientIPAddress), nil) == nil {
		e.User.Add(identity.ClientIPAddress, identity.Auto, ip)
	}
}
