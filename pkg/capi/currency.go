package capi

import (
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
	"github.com/omnicapi/omnicapi/pkg/number"
)

// upperCurrency makes a currency code of ISO 4217 of one in any case, and of a sign that one currency alone has (€), in e's
// memory; nil if it is none.
func upperCurrency(e *Event, code []byte) []byte {
	code = trimSpace(code)
	upper := number.CurrencyOf(code)
	switch upper {
	case "":
		return nil
	case string(code):
		return code
	}
	return e.Keep([]byte(upper))
}

func trimSpace(text []byte) []byte { return jsonscan.Trim(text) }
