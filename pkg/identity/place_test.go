package identity

import "testing"

func TestState(t *testing.T) {
	check(t, St, nil, []row{
		{" California. ", "ca", Kept},
		{"N.Y.", "ny", Kept},
		{"West Virginia", "wv", Kept},
		{"West Virginia, USA", "va", Kept},
		{"British Columbia", "bc", Kept},
		{"Bayern", "ba", Kept},
		{"", "", Empty},
		{"加州", "", Empty},
	})
	check(t, St, &Context{Country: "us", DefaultCountry: "de"}, []row{{"Texas", "tx", Kept}})
	check(t, St, &Context{DefaultCountry: "ca"}, []row{{"Ontario", "on", Kept}})
	check(t, St, &Context{Country: "de", DefaultCountry: "us"}, []row{
		{"Nordrhein-Westfalen", "nordrheinwestfalen", Kept}, {"Baden Württemberg ", "badenwürttemberg", Kept}, {"—", "", Empty},
	})
	check(t, St, &Context{DefaultCountry: "jp"}, []row{{"東京都", "東京都", Kept}})
}

func TestZip(t *testing.T) {
	check(t, Zp, nil, []row{
		{"94035", "94035", Kept},
		{"37221-3312", "37221", Kept},
		{"372213312", "372213312", Kept},
		{"SW1A 1AA", "sw1a1aa", Kept},
		{"01310-100", "01310100", Kept},
		{"100\u20130001", "1000001", Kept},
		{"2139", "2139", Kept},
		{"1", "", Malformed},
		{"-", "", Empty},
		{" ", "", Empty},
	})
	check(t, Zp, &Context{DefaultCountry: "us"}, []row{{"372213312", "37221", Kept}, {"98 121-9431", "98121", Kept}, {"9403", "09403", Kept}})
	check(t, Zp, &Context{Country: "us"}, []row{
		{"2139", "02139", Kept},
		{"601", "00601", Kept},
		{"12", "12", Kept}, // more is gone than zeros
		{"2139-1234", "02139", Kept},
		{"601-1234", "00601", Kept},
		{"21391234", "02139", Kept},
		{"12345-67", "12345", Kept},
		{"123456", "12345", Kept},
		{"2139.0", "02139", Kept},
		{"2.139E3", "02139", Kept},
		{"z:02139", "02139", Kept},
		{"'2139", "02139", Kept},
		{`="02139"`, "02139", Kept},
		{"1.23457E+11", "", Malformed},
		{"213a", "213a", Kept},
	})
	for _, c := range []struct{ country, raw, want string }{
		{"de", "1067", "01067"},
		{"fr", "1000", "01000"},
		{"it", "118", "00118"},
		{"es", "8001", "08001"},
		{"pl", "0-950", "00950"},
		{"br", "1310-100", "01310100"},
		{"jp", "600000", "0600000"},
		{"no", "10", "0010"},
		{"au", "800", "0800"},
		{"in", "11001", "11001"},
		{"at", "101", "101"},
		{"gb", "123", "123"},
		{"de", "10115", "10115"},
		{"de", "101156", "101156"},
	} {
		check(t, Zp, &Context{Country: c.country, DefaultCountry: "us"}, []row{{c.raw, c.want, Kept}})
	}
	check(t, Zp, &Context{Country: "br", DefaultCountry: "us"}, []row{{"01310-1000", "013101000", Kept}})
}

func TestCity(t *testing.T) {
	check(t, Ct, nil, []row{
		{"Coeur d'Alene", "coeurdalene", Kept},
		{"München", "mnchen", Kept},
		{"Los Angeles 90210", "losangeles90210", Kept},
		{"123Angeles", "", Malformed},
		{"北京", "", Empty},
		{"", "", Empty},
	})
}

func TestPhoneByCountry(t *testing.T) {
	rows := func(raw, want string, drop Drop) []row { return []row{{raw, want, drop}} }
	check(t, Ph, &Context{DefaultCountry: "us"}, rows("(650) 555-1212", "16505551212", Kept))
	check(t, Ph, &Context{Country: "gb", DefaultCountry: "us"}, rows("020 7183 8750", "442071838750", Kept))
	check(t, Ph, &Context{DefaultCountry: "fr"}, rows("33612345678", "33612345678", Kept))
	check(t, Ph, &Context{DefaultCountry: "de"}, rows("0049 (0)1511 2345678", "4915112345678", Kept))
	check(t, Ph, nil, []row{
		{"+44 (0)20 7183 8750", "442071838750", Kept},
		{"020 7183 8750", "", Malformed},
		{"+1 650 555 1212 ext. 3", "16505551212", Kept},
		{"", "", Empty},
		{"none", "", Empty},
		{"no phone", "", Malformed},
		{"+12", "", Malformed},
	})
}
