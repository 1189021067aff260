package number

import "bytes"

// currencies are the active ISO 4217 codes, each followed by a space.
const currencies = "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF " +
	"CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF " +
	"IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT " +
	"MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR " +
	"SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV WST " +
	"XAF XCD XCG XOF XPF YER ZAR ZMW ZWG "

// currencySet has the place of each code in currencies, counted from 1, by the position of its letters in the alphabet.
var currencySet = func() (set [26 * 26 * 26]uint8) {
	for i := 0; i < len(currencies); i += 4 {
		set[alphabetical(currencies[i], currencies[i+1], currencies[i+2])] = uint8(i/4 + 1)
	}
	return set
}()

func alphabetical(a, b, c byte) uint {
	return uint(a-'A')*26*26 + uint(b-'A')*26 + uint(c-'A')
}

// Currency is the active ISO 4217 code that a text is, in any case, in upper case; "": it is none.
func Currency(code []byte) string {
	if len(code) != 3 {
		return ""
	}
	var upper [3]byte
	for i, b := range code {
		if b >= 'a' && b <= 'z' {
			b -= 'a' - 'A'
		}
		if b < 'A' || b > 'Z' {
			return ""
		}
		upper[i] = b
	}
	at := int(currencySet[alphabetical(upper[0], upper[1], upper[2])])
	if at == 0 {
		return ""
	}
	return currencies[(at-1)*4 : at*4-1]
}

// CurrencyOf is Currency, also for a sign and a short name that one currency alone has (€, zł); "": it is none.
func CurrencyOf(text []byte) string {
	if len(text) > longest {
		return ""
	}
	var room [longest]byte
	currency, _ := unit(lower(room[:0], text))
	return currency
}

// unit reads what stands beside an amount: a currency's code, sign or short name, in lower case. currency is the one that
// it can only be; "" for a sign that several countries share ($, kr, £ is read as pounds sterling).
func unit(text []byte) (currency string, ok bool) {
	if currency = Currency(text); currency != "" {
		return currency, true
	}
	switch string(text) {
	case "$", "¥", "￥", "kr", "kr.", "rs", "rs.", "₨", "fr", "fr.", "lei", "元", "c$", "peso", "pesos", "dollar", "dollars", "rupees",
		"﷼", "dh", "dh.", "dhs", "dhs.":
		return "", true
	case "€", "euro", "euros":
		return "EUR", true
	case "us$", "u$s", "u$d":
		return "USD", true
	case "£", "gb£":
		return "GBP", true
	case "r$":
		return "BRL", true
	case "ca$", "can$":
		return "CAD", true
	case "a$", "au$":
		return "AUD", true
	case "nz$":
		return "NZD", true
	case "hk$":
		return "HKD", true
	case "nt$":
		return "TWD", true
	case "s$", "sg$":
		return "SGD", true
	case "mx$", "mex$":
		return "MXN", true
	case "ar$":
		return "ARS", true
	case "jp¥", "円", "yen":
		return "JPY", true
	case "cn¥", "rmb":
		return "CNY", true
	case "zł", "zŁ", "zl":
		return "PLN", true
	case "kč", "kČ", "kc":
		return "CZK", true
	case "ft", "ft.":
		return "HUF", true
	case "лв", "лв.":
		return "BGN", true
	case "₽", "руб", "руб.", "р.":
		return "RUB", true
	case "₴", "грн", "грн.":
		return "UAH", true
	case "₸":
		return "KZT", true
	case "₺", "tl":
		return "TRY", true
	case "₹":
		return "INR", true
	case "৳", "tk", "tk.":
		return "BDT", true
	case "₪":
		return "ILS", true
	case "₩", "원":
		return "KRW", true
	case "₫", "đ", "vnđ":
		return "VND", true
	case "฿":
		return "THB", true
	case "rp", "rp.":
		return "IDR", true
	case "rm":
		return "MYR", true
	case "₱":
		return "PHP", true
	case "sfr", "sfr.":
		return "CHF", true
	case "r":
		return "ZAR", true
	case "₦":
		return "NGN", true
	case "₵", "gh₵":
		return "GHS", true
	case "ksh":
		return "KES", true
	case "s/", "s/.":
		return "PEN", true
	case "₡":
		return "CRC", true
	case "₲":
		return "PYG", true
	case "b/.":
		return "PAB", true
	case "₾":
		return "GEL", true
	case "₼":
		return "AZN", true
	case "د.إ":
		return "AED", true
	case "ر.س":
		return "SAR", true
	case "ج.م":
		return "EGP", true
	case "د.ك":
		return "KWD", true
	case "ر.ق":
		return "QAR", true
	case "֏":
		return "AMD", true
	case "₮":
		return "MNT", true
	case "₭":
		return "LAK", true
	case "៛":
		return "KHR", true
	}
	if code, found := bytes.CutSuffix(text, []byte{'$'}); found { // USD$
		currency = Currency(code)
	}
	return currency, currency != ""
}

// IsShared says whether a text is a sign or short name that several currencies have ($, kr): as a currency it says nothing.
func IsShared(text []byte) bool {
	if len(text) == 0 || len(text) > longest {
		return false
	}
	var room [longest]byte
	currency, ok := unit(lower(room[:0], text))
	return ok && currency == ""
}

// isWhole says whether no smaller unit of a currency is in use: ISO 4217's without decimals, and those whose shops show none.
func isWhole(currency string) bool {
	switch currency {
	case "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF",
		"COP", "HUF", "IDR":
		return true
	}
	return false
}
