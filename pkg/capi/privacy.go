package capi

import (
	"bytes"

	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// What privacy fills in, as JSON.
var (
	jsonTrue = []byte("true")
	jsonZero = []byte("0")
	jsonLDU  = []byte(`"LDU"`)
	listLDU  = []byte(`["LDU"]`)
)

// privacy checks opt_out and the Limited Data Use options (docs/reference/capi.md 6.4): LDU needs a country and a state, 0 and 0 let Meta
// locate the person. What is none of Meta's is a wish that was not understood: it counts as the strictest.
func (v *validation) privacy() {
	e := v.e
	switch jsonscan.Kind(e.OptOut) {
	case 't', 'f':
	case 0, 'z':
		e.OptOut = nil
	default:
		e.OptOut = jsonTrue
		v.drop("opt_out", DropMalformed)
	}
	limited, ok := options(e.Options)
	if !ok {
		e.Options, limited = listLDU, true
		v.drop("data_processing_options", DropMalformed)
	}
	if !limited {
		if len(e.OptCountry) > 0 {
			e.OptCountry = nil
			v.drop("data_processing_options_country", DropIncomplete)
		}
		if len(e.OptState) > 0 {
			e.OptState = nil
			v.drop("data_processing_options_state", DropIncomplete)
		}
		return
	}
	if !isCountry(e.OptCountry) {
		if len(e.OptCountry) > 0 {
			v.drop("data_processing_options_country", DropMalformed)
		}
		if len(e.OptState) > 0 && string(e.OptState) != "0" {
			v.drop("data_processing_options_state", DropIncomplete)
		}
		e.OptCountry, e.OptState = jsonZero, jsonZero
	}
	if !isState(e.OptState) {
		if len(e.OptState) > 0 {
			v.drop("data_processing_options_state", DropMalformed)
		}
		e.OptCountry, e.OptState = jsonZero, jsonZero
	}
}

// options says whether LDU is among the options, which then holds whatever else is there; ok is false unless they are a
// list of nothing else.
func options(list []byte) (limited, ok bool) {
	if len(list) == 0 {
		return false, true
	}
	ok = true
	isList := jsonscan.Array(list, func(option []byte) bool {
		isLDU := bytes.Equal(option, jsonLDU)
		limited, ok = limited || isLDU, ok && isLDU
		return true
	})
	return limited, ok && isList
}

func isCountry(n []byte) bool { return string(n) == "0" || string(n) == "1" }

// isState takes 0 and 1000 to 1013.
func isState(n []byte) bool {
	return string(n) == "0" || len(n) == 4 && string(n[:2]) == "10" && (n[2] == '0' && n[3] >= '0' && n[3] <= '9' || n[2] == '1' && n[3] >= '0' && n[3] <= '3')
}
