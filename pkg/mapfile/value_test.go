package mapfile

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/omnicapi/omnicapi/pkg/capi"
)

// mapped maps an item that must become an event.
func mapped(t testing.TB, m *Mapping, item []byte) *capi.Event {
	t.Helper()
	var e capi.Event
	if _, err := m.Map(item, berlin, &e); err != nil {
		t.Fatalf("mapping: %v", err)
	}
	return &e
}

// refused is the result of a text that is no number or time.
const refused = "refused"

func TestAmounts(t *testing.T) {
	for _, c := range []struct{ point, text, want string }{
		{",", "39,90", "39.90"},
		{",", "1.234,56", "1234.56"},
		{",", "1.234,56 €", "1234.56"},
		{",", "EUR 1.234.567,5", "1234567.5"},
		{",", "1 234,5", "1234.5"},
		{",", "-5,5", "-5.5"},
		{",", "39.90", refused},
		{",", "1.234", "1234"},
		{",", "12.34,5", refused},
		{".", "39.90", "39.90"},
		{".", "$1,234.56", "1234.56"},
		{".", "1,234.56", "1234.56"},
		{".", "1234.56 $", "1234.56"},
		{".", "USD 1234.56", "1234.56"},
		{".", "1.23456E+03", "1234.56"},
		{".", "1\u00a0234.5", "1234.5"},
		{".", "1'234'567.5", "1234567.5"},
		{".", "1,234", "1234"},
		{".", "(5)", "-5"},
		{".", "39,90", refused},
		{".", "1,23", refused},
		{".", "1,234,56", refused},
		{".", "--5", refused},
		{".", ".", refused},
		{".", "1.2.3", refused},
		{".", "0x10", refused},
		{".", "free", refused},
		{".", "5 apples", refused},
		{".", "#REF!", refused},
		{".", "-", ""}, // nothing
		{".", "NaN", ""},
		{".", "३", refused},
		{"auto", "39.90", "39.90"},
		{"auto", "39,90", "39.90"},
		{"auto", "1.234,56", "1234.56"},
		{"auto", "1,234.56", "1234.56"},
		{"auto", "1,234", "two"},
		{"auto", "$1.234", "two"},
		{"auto", "1.234", "1.234"}, // programs write it
		{"auto", "1.234.567", "1234567"},
	} {
		m := mustParse(t, `{"format":{"decimal":"`+c.point+`","separator":";"},"defaults":{"event_name":"Purchase"},
			"columns":{"event_id":{"index":0},"custom_data.value":{"index":1}}}`)
		r := rows(t, m, CSV, []byte("1;"+c.text+"\n"))[0]
		got := ""
		switch {
		case r.Err == nil:
			got = string(mapped(t, m, r.Item).Custom.Value)
		case r.Err.Row != 1 || r.Err.Column != "B" || r.Err.Field != "custom_data.value":
			t.Errorf("%v", r.Err)
		case strings.Contains(r.Err.What, "two amounts"):
			got = "two"
		default:
			got = refused
		}
		if got != c.want {
			t.Errorf("decimal %s: %q is %q, want %q", c.point, c.text, got, c.want)
		}
	}
	m := mustParse(t, `{"format":{"separator":";"},"defaults":{"event_name":"Purchase"},"columns":{"custom_data.value":{"index":0}}}`)
	if r := rows(t, m, CSV, []byte("1,234\n"))[0]; r.Err == nil || !strings.Contains(r.Err.What, "format.decimal") {
		t.Errorf("a mapping that says no decimal: %v", r.Err)
	}
}

// TestEveryAmountOfARow is looked at, and no other number: a bad one refuses the row, in ingest's reading of rows too.
func TestEveryAmountOfARow(t *testing.T) {
	for target, isMoney := range map[string]bool{
		"custom_data.value": true, "custom_data.predicted_ltv": true, "custom_data.net_revenue": true, "custom_data.contents[].item_price": true,
		"custom_data.contents[].price": true, "custom_data.num_items": false, "custom_data.contents[].quantity": false, "custom_data.note": false,
	} {
		m := mustParse(t, `{"format":{"decimal":"."},"defaults":{"event_name":"Lead"},"columns":{"event_id":{"index":0},"`+target+`":{"index":1}}}`)
		r := rows(t, m, CSV, []byte("1;59,90\n"))[0]
		if (r.Err != nil) != isMoney {
			t.Errorf("%s: %v", target, r.Err)
		}
		if _, err := m.Identify([]byte(`{"row":1,"lines":[["1","59,90"]]}`)); (err != nil) != isMoney {
			t.Errorf("%s: Identify says %v", target, err)
		}
	}
	want := []string{"2-2: row 2, column D, custom_data.value: is no amount that can be read by the file's decimal", "3-3: c"}
	m := receipts(t, `[{"index":0}]`)
	if diff := cmp.Diff(want, grouped(t, m, "r1,1795426200,a,5\nr1,1795426200,b,free\nr2,1795426200,c,1\n")); diff != "" {
		t.Error(diff)
	}
}

// TestSpreadsheetsNumbers: 17 digits of a double are what people see 15 of; text in a spreadsheet is read as a person's.
func TestSpreadsheetsNumbers(t *testing.T) {
	m := mustParse(t, `{"format":{"decimal":",","header_rows":0},"defaults":{"event_name":"Purchase"},
		"columns":{"event_id":{"index":0},"custom_data.value":{"index":1}}}`)
	for text, want := range map[string]string{
		"39.899999999999999": "39.9", "1E3": "1000", "1.5E-2": "0.015", "-0.1": "-0.1", "1.234,50": "1234.50", "1.234,50 €": "1234.50", "1e400": refused,
		"inf": refused,
	} {
		item := `{"row":2,"xlsx":true,"lines":[["1","` + text + `"]]}`
		var e capi.Event
		_, err := m.Map([]byte(item), berlin, &e)
		got := string(e.Custom.Value)
		if err != nil {
			got = refused
		}
		if got != want {
			t.Errorf("%s is %q, want %q", text, got, want)
		}
	}
}

// TestLostDigitsAreNotSent: what a spreadsheet has spoiled is dropped by name, in ids and match keys only.
func TestLostDigitsAreNotSent(t *testing.T) {
	for _, c := range []struct {
		target, text string
		xlsx, lost   bool
	}{
		{"user_data.lead_id", "1234567890123450", true, true},
		{"user_data.lead_id", "1234567890123456", true, false},
		{"user_data.lead_id", "123456789012345", true, false},
		{"user_data.lead_id", "1234567890123450", false, false}, // CSV has all its digits
		{"user_data.ph", "4.41E+11", false, true},
		{"user_data.ph", "4,41E+11", false, true},
		{"user_data.external_id", "1E+15", false, true},
		{"user_data.external_id", "1E5", false, false},
		{"custom_data.order_id", "1.23457E+11", false, true},
		{"custom_data.contents[].id", "1.2E+12", false, true},
		{"custom_data.contents[].id", "AE+12", false, false},
		{"user_data.client_ip_address", "123123123123", true, true},
		{"user_data.client_ip_address", "123123123123", false, true},
		{"user_data.client_ip_address", "123.123.123.123", true, false},
		{"user_data.fn", "#N/A", true, false},
		{"user_data.fn", "#REF!", true, true},
		{"custom_data.note", "#REF!", false, true},
		{"custom_data.note", "#1", false, false},
	} {
		m := mustParse(t, `{"format":{"header_rows":0},"defaults":{"event_name":"Lead"},"columns":{"event_id":{"index":0},"`+c.target+`":{"index":1}}}`)
		item := `{"row":7,"lines":[["1","` + c.text + `"]]}`
		if c.xlsx {
			item = `{"row":7,"xlsx":true,"lines":[["1","` + c.text + `"]]}`
		}
		var e capi.Event
		dropped, err := m.Map([]byte(item), berlin, &e)
		if err != nil {
			t.Fatal(err)
		}
		if got := len(dropped) == 1; got != c.lost || len(dropped) > 0 && (dropped[0].Field != c.target || dropped[0].Row != 7) {
			t.Errorf("%s %s (xlsx %v): dropped %v", c.target, c.text, c.xlsx, dropped)
		}
	}
}

// TestCurrencyBesideTheAmount counts before the default, and after the row's own.
func TestCurrencyBesideTheAmount(t *testing.T) {
	m := mustParse(t, `{"format":{"separator":";"},"defaults":{"event_name":"Purchase","custom_data.currency":"USD"},
		"columns":{"custom_data.value":{"index":0},"custom_data.currency":{"index":1}}}`)
	for line, want := range map[string]string{
		"5": "5 USD", "5,00 €": "5.00 EUR", "EUR 5": "5 EUR", "$5": "5 USD", "EUR 5;CHF": "5 CHF", "5 kr;": "5 USD",
	} {
		e := mapped(t, m, rows(t, m, CSV, []byte(line+"\n"))[0].Item)
		if got := string(e.Custom.Value) + " " + string(e.Custom.Currency); got != want {
			t.Errorf("%s: %s, want %s", line, got, want)
		}
	}
}
