package privacy

import (
	"bytes"

	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// Options is what data_processing_options says.
type Options struct {
	Said    bool // false: nothing, as null and ""
	Limited bool // Limited Data Use; else the use is not limited, as [] says
	Unclear bool // there is something beside LDU, or instead of it

	Country, State []byte // raw JSON, where the value has them, too: [["LDU"],1,1000], as the pixel's call and RudderStack have it
}

// ReadOptions reads data_processing_options in raw JSON: a list, a text ("LDU", "ldu", "LDU,…"), an object that a
// language without lists makes of one, or one of these as JSON in a text. Meta knows no other option than LDU: whatever else
// it is, the sender has wished for something, and the use is limited.
func ReadOptions(value []byte) Options { return readOptions(value, maxDepth) }

var (
	listLDU = []byte(`["LDU"]`)
	none    = []byte("[]")
)

// JSON is the options as Meta's list; nil: nothing is said.
func (o *Options) JSON() []byte {
	switch {
	case !o.Said:
		return nil
	case o.Limited:
		return listLDU
	default:
		return none
	}
}

func readOptions(value []byte, depth int) Options {
	o := Options{Said: true, Limited: true}
	switch jsonscan.Kind(value) {
	case 0, 'z':
		return Options{}
	case 's':
		var room []byte
		text := bytes.TrimSpace(jsonscan.Text(value, &room))
		if len(text) == 0 {
			return Options{}
		}
		if c := text[0]; (c == '[' || c == '{' || c == '"') && depth > 0 && jsonscan.Check(text, jsonscan.Limits{}) == nil {
			return readOptions(text, depth-1)
		}
		o.Unclear = !isLDU(text)
	case 'a':
		o.list(value, depth)
	case 'o': // {"0":"LDU"}
		n := 0
		jsonscan.Object(value, func(_, v []byte) bool {
			n++
			o.element(v, depth)
			return true
		})
		o.Unclear = o.Unclear || n == 0
	default:
		o.Unclear = true
	}
	return o
}

// list reads a list of options: those of the pixel's call are its first element, country and state the others.
func (o *Options) list(list []byte, depth int) {
	n := 0
	jsonscan.Array(list, func(v []byte) bool {
		switch kind := jsonscan.Kind(v); {
		case n == 0 && kind == 'a' && depth > 0:
			*o = readOptions(v, depth-1)
		case n == 1 && isNumber(kind, v):
			o.Country = v
		case n == 2 && isNumber(kind, v) && o.Country != nil:
			o.State = v
		default:
			o.element(v, depth)
		}
		n++
		return true
	})
	if n == 0 {
		o.Limited = false
	}
}

func isNumber(kind byte, v []byte) bool {
	return kind == 'n' || kind == 's' && len(v) > 2 && len(bytes.Trim(v[1:len(v)-1], "0123456789")) == 0
}

func (o *Options) element(v []byte, depth int) {
	if kind := jsonscan.Kind(v); depth > 0 && (kind == 'a' || kind == 's') {
		if inner := readOptions(v, depth-1); inner.Said && inner.Limited && !inner.Unclear {
			o.Limited = true
			return
		}
	}
	o.Limited, o.Unclear = true, true
}

// isLDU says whether a text is LDU, alone or before its country and state.
func isLDU(text []byte) bool {
	first, _, _ := bytes.Cut(text, []byte{','})
	first = bytes.TrimSpace(first)
	return len(first) == 3 && first[0]|0x20 == 'l' && first[1]|0x20 == 'd' && first[2]|0x20 == 'u'
}

// Field is what the name of a parameter or property is of Limited Data Use and opt_out.
type Field uint8

// The fields.
const (
	NoField Field = iota
	OptionsField
	CountryField
	StateField
	OptOutField
)

// FieldOf knows the fields by Meta's name in all the spellings of tags, SDKs and forms: data_processing_options[],
// dataProcessingOptions, x-fb-data-processing-options, Data_Processing_Options__c, and the pixel's dpo, dpoco and dpost.
func FieldOf(name []byte) Field {
	if len(name) < len("dpo") || len(name) > maxName {
		return NoField
	}
	if !mayBeField(name) {
		return NoField
	}
	for _, prefix := range [...]string{"x-fb-", "fb."} {
		name = bytes.TrimPrefix(name, []byte(prefix))
	}
	for _, suffix := range [...]string{"[]", "[0]", ".0", "__c"} {
		name = bytes.TrimSuffix(name, []byte(suffix))
	}
	var room [maxWord]byte
	switch string(fold(room[:0], name)) {
	case "dataprocessingoptions", "dpo":
		return OptionsField
	case "dataprocessingoptionscountry", "dpoco":
		return CountryField
	case "dataprocessingoptionsstate", "dpost":
		return StateField
	case "optout":
		return OptOutField
	}
	return NoField
}

// mayBeField is the quick look at a name of two bytes or more: no for most.
func mayBeField(name []byte) bool {
	second := name[1] | 0x20
	switch name[0] {
	case 'd', 'D':
		return second == 'a' || second == 'p' || isSeparator(name[1])
	case 'o', 'O':
		return second == 'p' || isSeparator(name[1])
	case 'f':
		rest, found := bytes.CutPrefix(name, []byte("fb."))
		return found && mayBeginField(rest)
	case 'x':
		rest, found := bytes.CutPrefix(name, []byte("x-fb-"))
		return found && mayBeginField(rest)
	case '_':
		return mayBeginField(name[1:])
	}
	return false
}

// mayBeginField is the same for what stands behind a prefix.
func mayBeginField(rest []byte) bool {
	return len(rest) > 0 && (rest[0]|0x20 == 'd' || rest[0]|0x20 == 'o' || rest[0] == 'f' || isSeparator(rest[0]))
}

// IsConsent says whether a name is that of a statement on consent beside an event, in any of its spellings (consentStatus,
// Consent__c), or a path to what one says of advertising (consent_state.ad_user_data, consent[marketing]).
func IsConsent(name []byte) bool {
	if !mayBeConsent(name) {
		return false
	}
	if isConsent(name) {
		return true
	}
	of, step, found := cutStep(name)
	return found && isConsent(of) && IsAdvertising(step)
}

// IsAnyConsent says whether a name is that of a consent to nobody knows what, unless it stands beside an event.
func IsAnyConsent(name []byte) bool {
	if !mayBeConsent(name) {
		return false
	}
	var room [maxWord]byte
	switch string(fold(room[:0], bytes.TrimSuffix(name, []byte("__c")))) {
	case "consent", "consentstatus":
		return true
	}
	return false
}

// mayBeConsent is a quick no for most names.
func mayBeConsent(name []byte) bool {
	return len(name) >= len("consent") && (name[0]|0x20 == 'c' && name[1]|0x20 == 'o' && name[2]|0x20 == 'n' ||
		name[0]|0x20 == 'a' && name[1]|0x20 == 'd')
}

func isConsent(name []byte) bool {
	var room [maxWord]byte
	switch string(fold(room[:0], bytes.TrimSuffix(name, []byte("__c")))) {
	case "consent", "consentstate", "consentstatus", "aduserdata":
		return true
	}
	return false
}

// cutStep cuts the last step off a path: a.b, a[b].
func cutStep(path []byte) (of, step []byte, found bool) {
	path = bytes.TrimSuffix(path, []byte("]"))
	i := bytes.LastIndexAny(path, ".[")
	if i < 0 {
		return path, nil, false
	}
	return path[:i], path[i+1:], true
}

// IsWish says whether a name is that of anything that this package reads.
func IsWish(name []byte) bool { return IsConsent(name) || FieldOf(name) != NoField }

// maxName bounds the names: x-fb-data-processing-options-country and a little more.
const maxName = 48

// Flag reads a flag in raw JSON, as people and programs write it; ok is false for what is none.
func Flag(value []byte) (yes, ok bool) {
	switch read(value, 1) {
	case Granted:
		return true, true
	case Denied:
		return false, true
	default:
		return false, false
	}
}
