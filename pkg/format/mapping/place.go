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

// Empty says whether the address says nothing of where.
func (p *Place) Empty() bool {
	return IsEmpty(p.City) && IsEmpty(p.Zip) && IsEmpty(p.State) && IsEmpty(p.Country)
}

// Located adds where the address is.
func (o *Output) Located(p *Place) {
	o.FirstValue(identity.Ct, p.City)
	o.FirstValue(identity.St, p.State)
	o.FirstValue(identity.Zp, p.Zip)
	o.FirstValue(identity.Country, p.Country)
}

// FirstValue adds the first value that says something.
func (o *Output) FirstValue(k identity.Key, values ...[]byte) {
	for _, v := range values {
		if !IsEmpty(v) {
			o.UserValue(k, v)
			return
		}
	}
}
