package mapfile

import "github.com/omnicapi/omnicapi/pkg/identity"

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
