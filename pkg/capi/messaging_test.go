package capi

import (
	"testing"

	"github.com/omnicapi/omnicapi/pkg/identity"
)

// TestValidateMessagingNobody: an event of a conversation that says which business it is of, and not which person, has no
// identity: an identity store may add the click behind it.
func TestValidateMessagingNobody(t *testing.T) {
	for _, business := range []identity.Key{
		identity.PageID, identity.WhatsAppBusinessAccountID, identity.IgAccountID, identity.InstagramBusinessAccountID, identity.NumKeys,
	} {
		var e Event
		u := event(&e, "business_messaging", "Purchase")
		e.Messaging = whatsapp
		if business != identity.NumKeys {
			u.Add(business, identity.Auto, []byte("17841400000000000"))
		}
		u.Add(identity.Fbp, identity.Auto, []byte("fb.1.1795420000000.1")) // means nothing in a conversation
		if end, _ := validated(&e, &Hashed{}); end != "no_identity" {
			t.Errorf("%s alone: end %q", business, end)
		}
	}
}
