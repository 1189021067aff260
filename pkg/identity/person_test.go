package identity

import "testing"

func TestNames(t *testing.T) {
	rows := []row{
		{" O'Connor ", "oconnor", Kept},
		{"Mary-Jane", "maryjane", Kept},
		{"Strauß", "strauß", Kept},
		{"STRAUẞ", "strauß", Kept},
		{"İpek", "i\u0307pek", Kept},
		{"ΑΝΤΩΝΊΟΥΣ", "αντωνίους", Kept},
		{"李明", "李明", Kept},
		{"Mary–Jane", "mary–jane", Kept},
		{"a\xffb", "a\ufffdb", Kept},
		{"!!!", "", Empty},
		{"\u3000", "", Empty},
	}
	check(t, Fn, nil, rows)
	check(t, Ln, nil, rows)
	for _, k := range []Key{F5First, F5Last} {
		check(t, k, nil, []row{{" George", "georg", Kept}, {"Łukasz", "łukas", Kept}, {"Al", "al", Kept}, {" ", "", Empty}})
	}
	check(t, Fi, nil, []row{{"GW", "g", Kept}, {"Éva", "é", Kept}, {"", "", Empty}})
	check(t, ExternalID, nil, []row{{" User id-456 ", "userid-456", Kept}, {"\ufeff", "", Empty}})
}

func TestGender(t *testing.T) {
	check(t, Ge, nil, []row{
		{" Male ", "m", Kept},
		{"F", "f", Kept},
		{"Mrs", "f", Kept},
		{"papa", "m", Kept},
		{"God", "m", Kept},
		{"mama", "f", Kept},
		{"goddess", "f", Kept},
		{"Maiden", "f", Kept},
		{"grandpa", "", Malformed}, // in neither list
		{"Mr.", "", Malformed},
		{"femme", "", Malformed},
		{"a word too long", "", Malformed},
		{" ", "", Empty},
	})
}

func TestBirth(t *testing.T) {
	check(t, Db, &Context{Now: now}, []row{
		{"2/16/1997", "19970216", Kept},
		{"16-2-1997", "19970216", Kept},
		{"01-02-1990", "19900102", Kept},
		{"1990年12月31日", "19901231", Kept},
		{"19970216", "19970216", Kept},
		{"1996-02-29", "19960229", Kept},
		{"2027-01-01", "20270101", Kept},
		{"2028-01-01", "", Malformed},
		{"1990-02-31", "", Malformed},
		{"02-29-1900", "", Malformed},
		{"02161997", "", Malformed},
		{"12/31/90", "", Malformed},
		{"1799-01-01", "", Malformed},
		{"December 31, 1990", "", Malformed},
		{"99999999999999-1-1", "", Malformed},
		{"", "", Empty},
	})
	check(t, Dobd, nil, []row{{"1", "01", Kept}, {" 31 ", "31", Kept}, {"32", "", Malformed}, {"0", "", Malformed}, {"001", "", Malformed}, {"", "", Empty}})
	check(t, Dobm, nil, []row{{"9", "09", Kept}, {"12", "12", Kept}, {"13", "", Malformed}, {"x", "", Malformed}, {" ", "", Empty}})
	check(t, Doby, nil, []row{{"2000", "2000", Kept}, {"12345", "", Malformed}, {"99", "", Malformed}, {"", "", Empty}})
}
