package identity

import (
	"bytes"

	"github.com/omnicapi/omnicapi/pkg/nothing"
	"github.com/omnicapi/omnicapi/pkg/number"
)

// nature says what tools do to the values of a key on their way.
type nature uint8

const (
	isID     nature = 1 << iota // a zero, or a word for somebody unknown, stands for none
	isNumber                    // may have been stored as a number
	isFamily                    // people are called Null
	isName                      // may begin with an apostrophe of its own: 't Hooft
)

var natures = [256]nature{
	Ph: isNumber, Zp: isNumber, Db: isNumber, Dobd: isNumber, Dobm: isNumber, Doby: isNumber,
	Fn: isName, Ln: isName | isFamily, F5First: isName, F5Last: isName | isFamily, Fi: isName, Ct: isName, St: isName,
	ExternalID: isID | isNumber, SubscriptionID: isID | isNumber, FbLoginID: isID | isNumber, LeadID: isID | isNumber,
	AnonID: isID | isNumber, PageID: isID | isNumber, PageScopedUserID: isID | isNumber, IgSID: isID | isNumber,
	WhatsAppBusinessAccountID: isID | isNumber, IgAccountID: isID | isNumber, InstagramBusinessAccountID: isID | isNumber,
	Madid: isID, CtwaClid: isID, Fbc: isID, Fbp: isID,
}

// tidy returns the value that stands in a text which came through programs and spreadsheets: without their words for
// nothing, and as the number that it was before it was stored as one. Values that came hashed are not given to it.
func tidy(k Key, text []byte) ([]byte, Drop) {
	n := natures[k]
	switch {
	case n&isID != 0 && nothing.IsID(text):
		return nil, Empty
	case nothing.Is(text) && (n&isFamily == 0 || !bytes.EqualFold(trim(text), []byte("null"))):
		return nil, Empty
	case n&isNumber == 0 || number.IsIdentifier(text):
		return text, Kept
	}
	whole, ok := number.AppendIdentifier(make([]byte, 0, 2*len(text)), text)
	if !ok {
		return nil, Malformed
	}
	return whole, Kept
}

// marked says with which bytes a mark may begin.
var marked = func() (table [256]bool) {
	for _, b := range []byte("='plz") {
		table[b] = true
	}
	return table
}()

// withoutMark cuts off what exports write before a value, so that no tool takes it for a number: a spreadsheet's apostrophe
// or ="…", and the letter and colon of Meta's lead exports (p: before phones, z: before postcodes, l: before lead ids).
func withoutMark(k Key, raw []byte) []byte {
	text := trim(raw)
	if len(text) < 2 || !marked[text[0]] {
		return text
	}
	if text = WithoutFormula(text); natures[k]&isName == 0 {
		text = withoutApostrophe(text)
	}
	letter := byte(0)
	switch k {
	case Ph:
		letter = 'p'
	case Zp:
		letter = 'z'
	case LeadID:
		letter = 'l'
	case ExternalID:
		if rest := text[min(2, len(text)):]; isLeadID(rest) {
			letter = 'l'
		}
	}
	if letter != 0 && len(text) > 2 && text[0] == letter && text[1] == ':' {
		text = trim(text[2:])
	}
	return text
}

// WithoutFormula cuts ="…" off, by which a file tells a spreadsheet that a cell is text.
func WithoutFormula(text []byte) []byte {
	if n := len(text); n >= len(`=""`) && text[0] == '=' && text[1] == '"' && text[n-1] == '"' {
		return trim(text[2 : n-1])
	}
	return text
}

// WithoutMark cuts off the marks of exports before an id of any kind: a spreadsheet's, and those that Meta's lead exports
// write before digits (ag: ad group, as: ad set, c: campaign, f: form, l: lead, p: phone, z: postcode).
func WithoutMark(text []byte) []byte {
	if len(text) < 2 {
		return text
	}
	text = withoutApostrophe(WithoutFormula(text))
	letters, rest, found := cut(text, ':')
	if !found || !allDigits(bytes.TrimPrefix(rest, []byte("+"))) {
		return text
	}
	switch string(letters) {
	case "ag", "as", "c", "f", "l", "p", "z":
		return rest
	}
	return text
}

func withoutApostrophe(text []byte) []byte {
	if len(text) < 2 || text[0] != '\'' {
		return text
	}
	return trim(bytes.TrimSuffix(text[1:], []byte{'\''}))
}

// isLeadID says whether text has the digits of Meta's ids of leads.
func isLeadID(text []byte) bool { return len(text) >= 15 && len(text) <= 17 && allDigits(text) }
