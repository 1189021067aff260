// Package privacy reads what a sender says of how an event may be used: consent, Limited Data Use and opt_out, in all the
// ways in which consent managers, tags, shops and people write them. Mappers and mapping files ask it, so that a word has one
// meaning everywhere. It refuses to guess in Meta's favour: a word that it does not know counts as the strictest reading,
// never as nothing said. It decides nothing: the source's policy does.
//
// Values are raw JSON and must be checked (jsonscan.Check).
package privacy

// Statement is what an event says about consent to advertising.
type Statement uint8

// The statements, from the mildest to the strictest. Unreadable is one in no known shape; it counts as a denial.
const (
	Nothing Statement = iota
	Granted
	Unreadable
	Denied
)

// String is the statement's name.
func (s Statement) String() string {
	return [...]string{"nothing", "granted", "unreadable", "denied"}[s]
}

// Stricter joins two statements: a denial wins, an unreadable one comes next.
func Stricter(a, b Statement) Statement { return max(a, b) }

// maxDepth bounds how deep objects, lists and JSON in texts nest.
const maxDepth = 6

// maxWord bounds the words and names that are known.
const maxWord = 32

// fold appends a word in lower case without blanks and separators: Opted-In, opted_in and optedIn are one word. A word that
// is longer than maxWord is none that is known: nil.
func fold(dst, text []byte) []byte {
	if len(text) > maxWord {
		return nil
	}
	for _, c := range text {
		switch {
		case isSeparator(c):
		case 'A' <= c && c <= 'Z':
			dst = append(dst, c+'a'-'A')
		default:
			dst = append(dst, c)
		}
	}
	return dst
}

func isSeparator(c byte) bool { return separators[c] }

var separators = [256]bool{' ': true, '_': true, '-': true, '.': true, '\t': true, '\n': true, '\r': true, '/': true}
