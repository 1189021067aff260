package capi

import "github.com/omnicapi/omnicapi/pkg/jsonscan"

// currencies are the active ISO 4217 codes, each followed by a space.
const currencies = "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF " +
	"CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF " +
	"IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT " +
	"MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR " +
	"SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV WST " +
	"XAF XCD XCG XOF XPF YER ZAR ZMW ZWG "

// currencySet has a bit for each code of currencies, by the position of its letters in the alphabet.
var currencySet = func() (set [26*26*26/64 + 1]uint64) {
	for i := 0; i < len(currencies); i += 4 {
		n := alphabetical(currencies[i], currencies[i+1], currencies[i+2])
		set[n/64] |= 1 << (n % 64)
	}
	return set
}()

func alphabetical(a, b, c byte) uint {
	return uint(a-'A')*26*26 + uint(b-'A')*26 + uint(c-'A')
}

// upperCurrency upper-cases a currency code in e's memory; nil if it is none of ISO 4217.
func upperCurrency(e *Event, code []byte) []byte {
	code = trimSpace(code)
	if len(code) != 3 {
		return nil
	}
	var upper [3]byte
	for i, b := range code {
		if b >= 'a' && b <= 'z' {
			b -= 'a' - 'A'
		}
		if b < 'A' || b > 'Z' {
			return nil
		}
		upper[i] = b
	}
	n := alphabetical(upper[0], upper[1], upper[2])
	if currencySet[n/64]>>(n%64)&1 == 0 {
		return nil
	}
	if string(upper[:]) == string(code) {
		return code
	}
	return e.Keep(upper[:])
}

func trimSpace(text []byte) []byte { return jsonscan.Trim(text) }
