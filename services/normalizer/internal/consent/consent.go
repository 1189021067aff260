// Package consent decides whether an event may reach Meta: what the event itself says goes first, the source's policy
// decides for the rest. The normalizer asks it once an event. It refuses to guess in Meta's favour: a statement that it
// cannot read counts as a denial.
//
// It reads what the format's mapper found to be the event's statement, in one of these shapes:
//
//	true                          granted; false: denied
//	"granted"                     or "denied", any case; yes, no, true and false are taken too
//	{"ad_user_data": "granted"}   Google's consent mode; values as above
//	{"marketing": false}          the usual category of a cookie banner; values as above
//
// Of an object only ad_user_data and marketing count: one denial denies, and without either the event says nothing. Which
// member of an event or of its request the statement is, each format says in its README. It is never forwarded. Meta's own
// opt_out and data_processing_options are no consent: they pass through.
package consent

import "github.com/omnicapi/omnicapi/pkg/jsonscan"

// Statement is what an event says about consent.
type Statement uint8

// The statements. Unreadable is one in no known shape.
const (
	Nothing Statement = iota
	Granted
	Denied
	Unreadable
)

// Read reads a statement in raw JSON; nil and null say nothing.
func Read(value []byte) Statement {
	switch jsonscan.Kind(value) {
	case 0, 'z':
		return Nothing
	case 'o':
		return readObject(value)
	default:
		return readScalar(value)
	}
}

func readObject(value []byte) Statement {
	s := Nothing
	jsonscan.Object(value, func(key, v []byte) bool {
		switch string(key) {
		case "ad_user_data", "marketing":
			s = stricter(s, readScalar(v))
		}
		return true
	})
	return s
}

// stricter joins two statements: a denial wins, an unreadable one comes next.
func stricter(a, b Statement) Statement {
	rank := func(s Statement) int {
		switch s {
		case Denied:
			return 3
		case Unreadable:
			return 2
		case Granted:
			return 1
		default:
			return 0
		}
	}
	if rank(b) > rank(a) {
		return b
	}
	return a
}

func readScalar(v []byte) Statement {
	switch jsonscan.Kind(v) {
	case 'z':
		return Nothing
	case 't':
		return Granted
	case 'f':
		return Denied
	case 's':
		if len(v) < 2 {
			return Unreadable
		}
		switch text := v[1 : len(v)-1]; {
		case len(text) == 0:
			return Nothing
		case equalFold(text, "granted"), equalFold(text, "true"), equalFold(text, "yes"):
			return Granted
		case equalFold(text, "denied"), equalFold(text, "false"), equalFold(text, "no"):
			return Denied
		}
	}
	return Unreadable
}

// equalFold compares with a lower-case ASCII word without allocating.
func equalFold(text []byte, word string) bool {
	if len(text) != len(word) {
		return false
	}
	for i := range text {
		c := text[i]
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		if c != word[i] {
			return false
		}
	}
	return true
}
