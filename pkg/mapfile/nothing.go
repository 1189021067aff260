package mapfile

import (
	"bytes"
	"strings"

	"github.com/omnicapi/omnicapi/pkg/identity"
	"github.com/omnicapi/omnicapi/pkg/nothing"
	"github.com/omnicapi/omnicapi/pkg/number"
)

// isNothing says whether a text is no value for the target: a program's word for none (NULL, N/A, \N), which counts as an
// empty cell. What identifies something has more of them: 0, unknown; so has a currency: a sign that several share. A person
// may be called Null.
func (t *target) isNothing(text []byte) bool {
	switch {
	case isFormulaError(text):
		return false
	case t.kind.isPrivacy(): // what nobody understands is the strictest wish: only a database's null says none
		return bytes.EqualFold(text, []byte("null")) || bytes.EqualFold(text, []byte("(null)")) || string(text) == `\N`
	case t.kind == matchKey && t.key == identity.Ln && bytes.EqualFold(text, []byte("null")):
		return false
	case t.id:
		return nothing.IsID(text)
	case t.kind == customCurrency && number.IsShared(text): // $ says that it is one of many
		return true
	}
	return nothing.Is(text)
}

// identifies says whether the target's value is an id.
func (t *target) identifies() bool {
	switch t.kind {
	case eventID, contentID:
		return true
	case customText:
		return string(t.name) == orderParts[0]
	case customList:
		return string(t.name) == "content_ids"
	case matchKey:
		return t.key == identity.ExternalID || t.key > identity.ClientUserAgent
	}
	return false
}

// isFormulaError knows a formula that failed: its value is unreadable, not absent. #N/A alone is written on purpose.
func isFormulaError(text []byte) bool {
	if len(text) == 0 || text[0] != '#' {
		return false
	}
	switch string(text) {
	case "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!":
		return true
	}
	return false
}

// tellsReceipts says whether receipts differ in a target: those of one time or store, or of one name, are many.
func (t *target) tellsReceipts() bool {
	switch t.kind {
	case eventName, eventTime, actionSource, sourceURL, referrerURL, customCurrency, messagingChannel:
		return false
	}
	for _, part := range orderParts[1:] {
		if t.kind == customText && string(t.name) == part {
			return false
		}
	}
	return !strings.HasPrefix(t.path, "store_data.")
}
