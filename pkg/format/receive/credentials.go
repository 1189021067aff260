package receive

import (
	"github.com/omnicapi/omnicapi/pkg/credential"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
	"github.com/omnicapi/omnicapi/pkg/pageurl"
)

// IsCredential says whether a parameter of a request, or a member at the top of an item, is cut out of what is stored: senders
// put secrets into URLs, forms and bodies.
func IsCredential(name string) bool { return credential.IsMember([]byte(name), true) }

// place is where in an item a member stands: what a token is there depends on it.
type place uint8

const (
	nested place = iota // a token may be a device's
	top                 // of the item
	own                 // among the sender's own members, at whatever depth
)

// maxTexts is how many texts that are JSON are read within one another.
const maxTexts = 3

// withoutCredentials returns a value without its credentials, those in its addresses among them: itself if it has none, else
// a copy in scratch.
func withoutCredentials(value []byte, scratch *[]byte) []byte {
	if !hasCredentials(value, 0) {
		return value
	}
	start := len(*scratch)
	d := appendWithoutCredentials(*scratch, value, top, 0)
	*scratch = d
	return d[start:len(d):len(d)]
}

// within is the place of what stands in a member of that name.
func (p place) within(name []byte) place {
	if p == own || credential.IsOwn(name) {
		return own
	}
	return nested
}

// hasCredentials says whether a value may hold a credential.
func hasCredentials(value []byte, texts int) (found bool) {
	jsonscan.Texts(value, func(text []byte, key bool) bool {
		if key {
			found = credential.IsMember(jsonscan.Key(text, nil), true)
		} else {
			found = credential.IsMember(text, false) || hasCredentialText(text, texts) // a text may be the name in a pair
		}
		return !found
	})
	return found
}

// hasCredentialText says whether a credential stands in an address or a document that a text holds, as JSON writes it.
func hasCredentialText(written []byte, texts int) bool {
	if !pageurl.MayHold(written) && !mayBeDocument(written) {
		return false
	}
	text := jsonscan.Key(written, nil)
	if document := documentIn(text, texts); document != nil {
		return hasCredentials(document, texts+1)
	}
	_, changed := pageurl.AppendTextWithoutCredentials(nil, text)
	return changed
}

func mayBeDocument(text []byte) bool {
	return len(text) > len(`{"a":1}`) && (text[0] == '{' || text[0] == '[' || text[0] == ' ' || text[0] == '\\')
}

// documentIn is the object or list that a text holds as JSON, nil if there is none.
func documentIn(text []byte, texts int) []byte {
	if texts >= maxTexts || !mayBeDocument(text) {
		return nil
	}
	document := jsonscan.Trim(text)
	if k := jsonscan.Kind(document); (k == 'o' || k == 'a') && jsonscan.Check(document, jsonscan.Limits{}) == nil {
		return document
	}
	return nil
}

// appendWithoutCredentials appends a value as it is written, but for the members that are credentials and for those in its
// texts.
func appendWithoutCredentials(d, value []byte, at place, texts int) []byte {
	next := func() {
		if last := d[len(d)-1]; last != '{' && last != '[' {
			d = append(d, ',')
		}
	}
	switch jsonscan.Kind(value) {
	case 'o':
		named := namesCredential(value)
		d = append(d, '{')
		jsonscan.Object(value, func(key, v []byte) bool {
			name := jsonscan.Key(key, nil)
			if credential.IsMember(name, at != nested) || named && isValueOfPair(name) {
				return true
			}
			next()
			d = append(append(append(d, '"'), key...), '"', ':')
			d = appendWithoutCredentials(d, v, at.within(name), texts)
			return true
		})
		return append(d, '}')
	case 'a':
		d = append(d, '[')
		jsonscan.Array(value, func(v []byte) bool {
			next()
			d = appendWithoutCredentials(d, v, at.within(nil), texts)
			return true
		})
		return append(d, ']')
	case 's':
		return appendTextWithoutCredentials(d, value, texts)
	}
	return append(d, value...)
}

// appendTextWithoutCredentials appends a text, its addresses and what it holds as JSON without credentials.
func appendTextWithoutCredentials(d, value []byte, texts int) []byte {
	if written := jsonscan.Trim(value); len(written) < 2 || !hasCredentialText(written[1:len(written)-1], texts) {
		return append(d, value...)
	}
	text := jsonscan.Text(value, nil)
	if document := documentIn(text, texts); document != nil {
		return jsonscan.AppendString(d, appendWithoutCredentials(nil, document, top, texts+1))
	}
	clean, _ := pageurl.AppendTextWithoutCredentials(nil, text)
	return jsonscan.AppendString(d, clean)
}

// namesCredential says whether an object is a pair, as shops list what forms and plugins add, whose name is a credential's.
func namesCredential(object []byte) (named bool) {
	jsonscan.Object(object, func(key, v []byte) bool {
		switch string(key) {
		case "key", "Key", "name", "Name":
			named = jsonscan.Kind(v) == 's' && credential.IsMember(jsonscan.Text(v, nil), false)
		}
		return !named
	})
	return named
}

func isValueOfPair(name []byte) bool { return string(name) == "value" || string(name) == "Value" }
