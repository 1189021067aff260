package handle

// mostValues is about 10 000 USD in the currencies of which a unit is worth much less than one, rounded up: what an unproven
// sender's event can be worth where max_value does not say. Rates move; the first digit is enough here.
var mostValues = map[string]float64{
	"AED": 40e3, "ARS": 15e6, "BDT": 1.3e6, "BRL": 60e3, "CLP": 10e6, "CNY": 80e3, "COP": 45e6, "CRC": 5.5e6, "CZK": 250e3,
	"DKK": 75e3, "DZD": 1.4e6, "EGP": 500e3, "HKD": 80e3, "HUF": 4e6, "IDR": 170e6, "ILS": 40e3, "INR": 900e3, "ISK": 1.5e6,
	"JPY": 1.6e6, "KES": 1.4e6, "KRW": 15e6, "LKR": 3.2e6, "MXN": 200e3, "MYR": 50e3, "NGN": 17e6, "NOK": 110e3, "PEN": 40e3,
	"PHP": 600e3, "PKR": 3e6, "PLN": 45e3, "PYG": 80e6, "RON": 50e3, "RSD": 1.1e6, "RUB": 1e6, "SAR": 40e3, "SEK": 110e3,
	"THB": 360e3, "TRY": 450e3, "TWD": 330e3, "TZS": 28e6, "UAH": 450e3, "UGX": 38e6, "UYU": 450e3, "VND": 270e6, "ZAR": 190e3,
	"USD": 10e3, "EUR": 10e3, "GBP": 10e3, "CHF": 10e3, "AUD": 16e3, "CAD": 14e3, "NZD": 18e3, "SGD": 14e3,
}

// anyCurrency is the most of a currency that is not in the table: whatever it is, not a fortune's worth of the larger ones.
const anyCurrency = 1e6

func mostValue(currency []byte) float64 {
	if most, ok := mostValues[string(currency)]; ok {
		return most
	}
	return anyCurrency
}
