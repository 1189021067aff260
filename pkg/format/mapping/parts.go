package mapping

// The parts of an event as senders have them, before they are put into it.

// People are the sender's own ids of the person, for external_id.
type People struct {
	Membership, User, GAClient []byte
	WhatsApp                   []byte // wa_id: a phone number without its plus
}

// Browser is what the visitor's own request carries, for formats whose caller is a browser; empty for servers, whose
// address and agent are not the customer's.
type Browser struct {
	IP        []byte // of the request
	CookieIP  []byte // _fbi
	UserAgent []byte
	Referer   []byte
	Fbp, Fbc  []byte // _fbp, _fbc

	Host, Path []byte // of the page, as its tag names them where it has no address
}

// Product is one product of a cart or an order as its sender has it, raw.
type Product struct {
	IDs                       [3][]byte // best first
	Quantity, Price           []byte
	Delivery, Brand, Category []byte
	Currency                  []byte

	// OrderLine: it is a line of a shop's order. There an id 0 stands for what is no product (a tip, a fee), and a quantity
	// that is missing stays missing. Elsewhere 0 may be an id, and a missing quantity is 1.
	OrderLine bool
}

// Place is an address with the person at it, raw.
type Place struct{ First, Last, Email, Phone, City, Zip, State, Country []byte }

// empty says whether the address has no city, zip, state and country.
func (p *Place) empty() bool {
	return IsEmpty(p.City) && IsEmpty(p.Zip) && IsEmpty(p.State) && IsEmpty(p.Country)
}

// FirstPlace is the first address that is not empty, else the last one.
func FirstPlace(places ...*Place) *Place {
	for _, p := range places[:len(places)-1] {
		if !p.empty() {
			return p
		}
	}
	return places[len(places)-1]
}
