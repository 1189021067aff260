package mapping

import (
	"github.com/omnicapi/omnicapi/pkg/identity"
)

// ReadPlace reads an address. take reads one member; what is no object is an empty address.
func (o *Output) ReadPlace(obj []byte, take func(key []byte, p *Place, value []byte)) Place {
	o.place = Place{}
	o.Object(obj, func(key, value []byte) bool {
		take(key, &o.place, value)
		return true
	})
	return o.place
}

// AddPlace adds the city, state, zip and country of an address to the match keys.
func (o *Output) AddPlace(p *Place) {
	country := o.countryOf(p)
	o.addValue(identity.Ct, identity.Auto, p.City, country)
	o.addValue(identity.St, identity.Auto, p.State, country)
	o.addValue(identity.Zp, identity.Auto, p.Zip, country)
	o.addValue(identity.Country, identity.Auto, p.Country, country)
}

// AddPhone adds the phone of the first of places that has one. It is read by the country of its place: a parcel's phone
// by the parcel's country.
func (o *Output) AddPhone(places ...*Place) {
	for i, p := range places {
		if says(p.Phone) || i == len(places)-1 {
			o.addValue(identity.Ph, identity.Auto, p.Phone, o.countryOf(p))
			return
		}
	}
}

// AddName adds the first and the last name of the first of places that names somebody. Both are of that one place: a
// parcel's last name is not the payer's.
func (o *Output) AddName(places ...*Place) {
	for i, p := range places {
		if says(p.First) || says(p.Last) || i == len(places)-1 {
			o.AddUserValue(identity.Fn, p.First)
			o.AddUserValue(identity.Ln, p.Last)
			return
		}
	}
}

// countryOf is the country of an address, "" if it names none.
func (o *Output) countryOf(p *Place) string {
	if IsEmpty(p.Country) {
		return ""
	}
	return identity.CountryCode(o.Text(p.Country))
}
