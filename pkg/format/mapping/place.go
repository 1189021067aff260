package mapping

import (
	"github.com/omnicapi/omnicapi/pkg/identity"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

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

// Located adds where the address is.
func (o *Output) Located(p *Place) {
	o.UserValue(identity.Ct, p.City)
	o.UserValue(identity.St, p.State)
	o.UserValue(identity.Zp, p.Zip)
	o.UserValue(identity.Country, p.Country)
}
