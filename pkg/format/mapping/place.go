package mapping

import (
	"github.com/omnicapi/omnicapi/pkg/identity"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// Place is an address with the person at it, raw.
type Place struct{ First, Last, Email, Phone, City, Zip, State, Country []byte }

// PlaceOf reads an address. take reads one member.
func (o *Output) PlaceOf(obj []byte, take func(key []byte, p *Place, value []byte)) Place {
	o.place = Place{}
	if jsonscan.Kind(obj) == 'o' {
		o.Index.Object(obj, func(key, value []byte) bool {
			take(key, &o.place, value)
			return true
		})
	}
	return o.place
}

// empty says whether the address says nothing of where.
func (p *Place) empty() bool {
	return IsEmpty(p.City) && IsEmpty(p.Zip) && IsEmpty(p.State) && IsEmpty(p.Country)
}

// FirstPlace is the first address that says where, else the last one.
func FirstPlace(places ...*Place) *Place {
	for _, p := range places[:len(places)-1] {
		if !p.empty() {
			return p
		}
	}
	return places[len(places)-1]
}

// Located adds where the address is.
func (o *Output) Located(p *Place) {
	o.UserValue(identity.Ct, p.City)
	o.UserValue(identity.St, p.State)
	o.UserValue(identity.Zp, p.Zip)
	o.UserValue(identity.Country, p.Country)
}
