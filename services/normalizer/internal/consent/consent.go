// Package consent decides whether an event may reach Meta: what the event itself says goes first, the source's policy
// decides for the rest. The normalizer asks it once per event. It refuses to guess in Meta's favour: a statement that it
// cannot read counts as a denial.
//
// Events of the formats capi, ndjson, collect, meta.openbridge, pos, stages and cloudevents may carry a member `consent`,
// beside event_name; of tag managers' it is Google's consent mode, of customer data platforms' and Branch's what they know
// of it, as their mappers read it:
//
//	"consent": true                                    granted; false: denied
//	"consent": "granted"                               or "denied", any case
//	"consent": {"ad_user_data": "granted"}             Google's consent mode; values as above
//	"consent": {"marketing": false}                    the usual cookie banner's category
//
// Of an object only ad_user_data and marketing count, one denial denies, neither given says nothing. The request of a
// collect, capi, pos or stages call may have the member beside its events instead: it holds for those that do not say.
// Rows of files have no consent. The member is never forwarded. Meta's own opt_out and data_processing_options are no
// consent: they pass through.
package consent

import "github.com/omnicapi/omnicapi/pkg/jsonscan"

// Said is what an event says about consent.
type Said uint8

// What an event can say. Unreadable is a statement in no known shape.
const (
	Nothing Said = iota
	Granted
	Denied
	Unreadable
)

// Read reads the raw JSON of a consent member; nil and null say nothing.
func Read(value []byte) Said {
	switch jsonscan.Kind(value) {
	case 0, 'z':
		return Nothing
	case 'o':
		return readObject(value)
	default:
		return readScalar(value)
	}
}

func readObject(value []byte) Said {
	said := Nothing
	jsonscan.Object(value, func(key, v []byte) bool {
		switch string(key) {
		case "ad_user_data", "marketing":
			said = stricter(said, readScalar(v))
		}
		return true
	})
	return said
}

// stricter joins two statements: a denial wins, an unreadable one comes next.
func stricter(a, b Said) Said {
	rank := func(s Said) int {
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

func readScalar(v []byte) Said {
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
