package privacy

import (
	"bytes"

	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// ReadConsent reads a statement on consent in raw JSON; nil, null and "" say nothing.
//
//	true, 1                        granted; false, 0: denied
//	"granted"                      and its like in any case and spelling; "denied", "0", "opted out": denied
//	{"ad_user_data": "granted"}    Google's consent mode; ad_storage counts where ad_user_data is not said
//	{"marketing": false}           a category of a cookie banner, by the usual names of advertising
//	{"status": "denied"}           the statement within an object; {"granted": false} and {"revoked": true}, too
//	["marketing", "analytics"]     what was allowed, also as "C0001,C0004" and "C0001:1,C0004:0"
//
// Each value may be any of these, or JSON in a text; one denial denies. Categories that are known not to be advertising say
// nothing of it. What is neither, and does not grant, is Unreadable.
func ReadConsent(value []byte) Statement { return read(value, maxDepth) }

// ReadPurposes is ReadConsent for an object whose members are a sender's own purposes: only those with one of the usual names
// of advertising count, whatever the others say.
func ReadPurposes(object []byte) Statement {
	s := Nothing
	jsonscan.Object(object, func(key, value []byte) bool {
		if IsAdvertising(key) {
			s = Stricter(s, readOf(value, maxDepth-1))
		}
		return true
	})
	return s
}

func read(value []byte, depth int) Statement {
	switch jsonscan.Kind(value) {
	case 0, 'z':
		return Nothing
	case 't':
		return Granted
	case 'f':
		return Denied
	case 'n':
		return word(value)
	case 's':
		var room []byte
		return readText(bytes.TrimSpace(jsonscan.Text(value, &room)), depth)
	}
	if depth == 0 {
		return Unreadable
	}
	if jsonscan.Kind(value) == 'a' {
		return readList(value, depth-1)
	}
	var s said
	s.object(value, depth-1)
	return s.result()
}

// readOf is read for a value that must say something of advertising, since its name does: what says nothing, and is not
// empty, is unreadable.
func readOf(value []byte, depth int) Statement {
	s := read(value, depth)
	if kind := jsonscan.Kind(value); s == Nothing && (kind == 'o' || kind == 'a') {
		return Unreadable
	}
	return s
}

func readText(text []byte, depth int) Statement {
	if len(text) == 0 {
		return Nothing
	}
	if c := text[0]; c == '{' || c == '[' || c == '"' {
		if depth == 0 || jsonscan.Check(text, jsonscan.Limits{}) != nil {
			return Unreadable
		}
		return read(text, depth-1)
	}
	if s := word(text); s != Nothing {
		return s
	}
	return readGroups(text)
}

// word reads one word or number; Nothing: it is none that is known.
func word(text []byte) Statement {
	if c := text[0]; c == '-' || '0' <= c && c <= '9' {
		return number(text)
	}
	var room [maxWord]byte
	switch string(fold(room[:0], text)) {
	case "granted", "grant", "true", "yes", "y", "on", "allow", "allowed", "accept", "accepted", "acceptall", "allowall", "all",
		"allowcookies", "acceptcookies", "allowallcookies", "acceptallcookies", "allcookies",
		"optin", "optedin", "consented", "consentgiven", "given", "agree", "agreed", "active", "enabled":
		return Granted
	case "denied", "deny", "denyall", "false", "no", "n", "off", "none", "reject", "rejected", "rejectall", "refuse", "refused",
		"decline", "declined", "disallow", "disallowed", "optout", "optedout", "revoke", "revoked", "withdraw", "withdrawn",
		"notgranted", "notgiven", "notallowed", "notaccepted", "disabled", "necessaryonly", "onlynecessary", "essentialonly":
		return Denied
	}
	return Nothing
}

// number reads 1 and 0, also as 1.0; another one is no flag.
func number(text []byte) Statement {
	whole, fraction, _ := bytes.Cut(text, []byte{'.'})
	if len(bytes.Trim(fraction, "0")) == 0 && len(whole) == 1 {
		switch whole[0] {
		case '1':
			return Granted
		case '0':
			return Denied
		}
	}
	return Unreadable
}

// readList reads a list of statements, or of the categories that were allowed.
func readList(list []byte, depth int) Statement {
	g := groups{}
	jsonscan.Array(list, func(v []byte) bool {
		switch jsonscan.Kind(v) {
		case 's':
			var room []byte
			text := bytes.TrimSpace(jsonscan.Text(v, &room))
			if len(text) > 0 && (text[0] == '{' || text[0] == '[') {
				g.said = Stricter(g.said, readText(text, depth))
			} else {
				g.add(text)
			}
		case 'n':
			if s := word(v); s == Denied {
				g.said = Denied
			} else {
				g.said = Stricter(g.said, Unreadable) // a purpose's number may mean anything
			}
		default:
			g.said = Stricter(g.said, read(v, depth))
			g.objects = true
		}
		return true
	})
	return g.result()
}

// readGroups reads categories with commas between them, each with or without a flag: OneTrust's active groups.
func readGroups(text []byte) Statement {
	g := groups{}
	for len(text) > 0 {
		var one []byte
		if i := bytes.IndexAny(text, ",;|"); i >= 0 {
			one, text = text[:i], text[i+1:]
		} else {
			one, text = text, nil
		}
		g.add(bytes.TrimSpace(one))
	}
	return g.result()
}

// groups is what a list of categories or statements says.
type groups struct {
	said    Statement
	flagged bool // there are categories with a flag: those that are missing were not asked for
	objects bool
	unknown bool
}

// add adds a category that was allowed, one with its flag, or a statement.
func (g *groups) add(one []byte) {
	if len(one) == 0 {
		return
	}
	name, flag, flagged := bytes.Cut(one, []byte{':'})
	if !flagged {
		name, flag, flagged = bytes.Cut(one, []byte{'='})
	}
	if flagged {
		g.flagged = true
		if IsAdvertising(name) {
			s := Nothing
			if flag = bytes.TrimSpace(flag); len(flag) > 0 {
				s = word(flag)
			}
			if s == Nothing {
				s = Unreadable
			}
			g.said = Stricter(g.said, s)
		}
		return
	}
	switch s := word(one); {
	case s != Nothing:
		g.said = Stricter(g.said, s)
	case IsAdvertising(one):
		g.said = Stricter(g.said, Granted)
	case !isOther(one):
		g.unknown = true
	}
}

// result is the statement: categories without advertising deny it, unless they were asked for one by one.
func (g *groups) result() Statement {
	switch {
	case g.said != Nothing:
		return g.said
	case g.unknown:
		return Unreadable
	case g.flagged, g.objects:
		return Nothing
	}
	return Denied
}
