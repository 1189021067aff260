package mapping

import (
	"github.com/omnicapi/omnicapi/pkg/identity"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// ReadPlace reads an address. take reads one member; what is no object is an empty address.
func (o *Output) ReadPlace(obj []byte, take func(key []byte, p *Place, value []byte)) Place {
	o.place = Place{}
	if jsonscan.Kind(obj) == 'o' {
		o.Index.Object(obj, func(key, value []byte) bool {
			take(key, &o.place, value)
			return true
		})
	}
	return o.place
}

// AddPlace adds the city, state, zip and country of an address to the match keys.
func (o *Output) AddPlace(p *Place) {
	o.AddUserValue(identity.Ct, p.City)
	o.AddUserValue(identity.St, p.State)
	o.AddUserValue(identity.Zp, p.Zip)
	o.AddUserValue(identity.Country, p.Country)
}
