package capi

import (
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
	"github.com/omnicapi/omnicapi/pkg/number"
)

// upperCurrency upper-cases a currency code in e's memory; nil if it is none of ISO 4217.
func upperCurrency(e *Event, code []byte) []byte {
	code = trimSpace(code)
	upper := number.Currency(code)
	switch upper {
	case "":
		return nil
	case string(code):
		return code
	}
	return e.Keep([]byte(upper))
}

func trimSpace(text []byte) []byte { return jsonscan.Trim(text) }
