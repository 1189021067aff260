package mapfile

import (
	"bytes"

	"github.com/omnicapi/omnicapi/pkg/identity"
)

// unmark takes off the marks by which exports keep a spreadsheet from reading a text as a number: ="02139" and '02139. An
// apostrophe before a letter is the text's own ('s-Hertogenbosch).
func unmark(cell []byte) []byte {
	if len(cell) < 2 {
		return cell
	}
	if inner, ok := bytes.CutPrefix(cell, []byte(`="`)); ok && len(inner) > 0 && inner[len(inner)-1] == '"' {
		return bytes.TrimSpace(inner[:len(inner)-1])
	}
	if c := cell[1]; cell[0] == '\'' && (isDigit(c) || c == '+' || c == '-' || c == '=' || c == '@' || c == '(') && cell[len(cell)-1] != '\'' {
		return cell[1:]
	}
	return cell
}

// unmarked cuts off what exports write before ids, so that no tool takes them for numbers: ag:23845, '007, ="007". Text that
// is no id of a sale or a product keeps an apostrophe before a letter, which may be its own. Match keys are identity's matter,
// and an event_id stays as it is.
func (t *target) unmarked(text []byte) []byte {
	switch t.kind {
	case contentID, customList:
		return identity.WithoutMark(text)
	case customText, contentText:
		bare := identity.WithoutMark(text)
		if name := string(t.name); name == "order_id" || name == "item_number" || len(bare) > 0 && (isDigit(bare[0]) || bare[0] == '+') {
			return bare
		}
	}
	return text
}
