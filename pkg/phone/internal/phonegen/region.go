package phonegen

import "github.com/nyaruka/phonenumbers"

// mayStart says with which two digits a number may begin if the expression is to match more than nothing at its start.
// The result holds, by first digit, a bit mask of second digits.
func mayStart(expression string) ([10]uint16, error) {
	var pairs [10]uint16
	if expression == "" {
		return pairs, nil
	}
	d, err := newDFA(expression, false)
	if err != nil {
		return pairs, err
	}
	for first := range 10 {
		one := d.step(d.start(), first)
		for second := range 10 {
			two := d.step(one, second)
			if d.accepts(one) || len(d.states[two].set) > 0 {
				pairs[first] |= 1 << second
			}
		}
	}
	return pairs, nil
}

// literalTrunk returns the national prefix if it is plain digits that are simply left out, else "".
func literalTrunk(m *phonenumbers.PhoneMetadata) string {
	prefix := m.GetNationalPrefixForParsing()
	if m.GetNationalPrefixTransformRule() != "" {
		return ""
	}
	for _, r := range prefix {
		if r < '0' || r > '9' {
			return ""
		}
	}
	return prefix
}
