package nothing_test

import (
	"testing"

	"github.com/omnicapi/omnicapi/pkg/nothing"
)

func TestIs(t *testing.T) {
	for _, c := range []struct {
		text   string
		is, id bool
	}{
		{"", true, true},
		{"  ", true, true},
		{"undefined", true, true},
		{" Undefined ", true, true},
		{"null", true, true},
		{"NULL", true, true},
		{"nil", true, true},
		{"None", true, true},
		{"NaN", true, true},
		{"N/A", true, true},
		{"#N/A", true, true},
		{"(null)", true, true},
		{"[object Object]", true, true},
		{`\N`, true, true},
		{"-", true, true},
		{"<NA>", true, true},
		{"#REF!", true, true},
		{"(not set)", true, true},
		{"{{customer.email}}", true, true},
		{"{user_id}", true, true},
		{"${user.id}", true, true},
		{"#{name}", true, true},
		{"[[city]]", true, true},
		{"*|FNAME|*", true, true},
		{"%%first_name%%", true, true},
		{"%FIRST_NAME%", true, true},

		{"0", false, true},
		{"0.0", false, true},
		{"000", false, true},
		{"00000000-0000-0000-0000-000000000000", false, true},
		{"unknown", false, true},
		{"Guest", false, true},
		{"anonymous", false, true},
		{"bnc_no_value", false, true},

		{"na", false, false},
		{"Nora", false, false},
		{"nullable", false, false},
		{"n/a@example.com", false, false},
		{"1001", false, false},
		{"0a", false, false},
		{"-1", false, false},
		{"jane", false, false},
		{"guest-7", false, false},
		{"{}", false, false},
		{"{John Smith}", false, false},
		{"{af1c6f2e-1111-4222-8333-123456789abc}", false, false},
		{"%5%", false, false},
		{"%", false, false},
		{"*12*", false, false},
		{"$9", false, false},
		{"{x", false, false},
		{"[[1]]", false, false},
		{`{"a":1}`, false, false},
		{"0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20", false, false},
	} {
		if got := nothing.Is([]byte(c.text)); got != c.is {
			t.Errorf("Is(%q) is %t", c.text, got)
		}
		if got := nothing.IsID([]byte(c.text)); got != c.id {
			t.Errorf("IsID(%q) is %t", c.text, got)
		}
	}
}

func BenchmarkIs(b *testing.B) {
	b.ReportAllocs()
	for _, text := range []string{"jane@example.com", "undefined", "Nora", "order-10001"} {
		b.Run(text, func(b *testing.B) {
			value := []byte(text)
			for b.Loop() {
				nothing.IsID(value)
			}
		})
	}
}
