package pageurl

import (
	"bytes"

	"github.com/omnicapi/omnicapi/pkg/credential"
)

// isCredentialPair says whether a parameter, name=value or a value alone, opens something.
func isCredentialPair(text []byte) bool {
	if len(text) < len("pwd=x") {
		return false
	}
	if bytes.IndexByte(text, '%') >= 0 {
		var r room
		text = unescaped(r[:0], text)
	}
	name, value, named := bytes.Cut(text, []byte{'='})
	if !named {
		return isCredentialValue(text)
	}
	switch {
	case credential.IsParameter(name, value):
		return !isFlag(value)
	case classOf(name) == click:
		return false
	}
	return isCredentialValue(value)
}

// isCredentialSegment says whether a segment of a path opens something: by its shape, by parameters within it, or by the
// segment before.
func isCredentialSegment(before, text []byte) bool {
	if len(text) < len("pwd=x") {
		return false
	}
	if bytes.IndexByte(text, '%') >= 0 {
		var r room
		text = unescaped(r[:0], text)
	}
	return credential.Announces(before) && credential.IsAnnounced(text) || isCredentialValue(text)
}

// isCredentialValue says whether a value is a credential by its shape, or holds a parameter that is one.
func isCredentialValue(text []byte) bool {
	if credential.IsValue(text) {
		return true
	}
	if marksOf(text)&(pair|at) == 0 {
		return false
	}
	if hasCredentialUser(text) {
		return true
	}
	for len(text) > 0 {
		var one []byte
		if i := bytes.IndexAny(text, "?&;#{},[]/ "); i >= 0 {
			one, text = text[:i], text[i+1:]
		} else {
			one, text = text, nil
		}
		i := bytes.IndexAny(one, "=:")
		if i < 0 {
			if credential.IsValue(one) {
				return true
			}
			continue
		}
		name, value := bytes.Trim(one[:i], quotes), bytes.Trim(one[i+1:], quotes)
		if credential.IsParameter(name, value) && !isFlag(value) || classOf(name) != click && credential.IsValue(value) {
			return true
		}
	}
	return false
}

// hasCredentialUser says whether a value is an address with a user and a password before its host, or a key.
func hasCredentialUser(text []byte) bool {
	p := parts(text)
	user := text[p.user:p.host]
	return len(user) > 0 && (bytes.IndexByte(user, ':') >= 0 || isKey(user))
}

// isKey says whether what stands before a host is a key, or hides its password behind escapes: a user alone is a person.
func isKey(user []byte) bool {
	plain := user
	if bytes.IndexByte(user, '%') >= 0 {
		var r room
		plain = unescaped(r[:0], user)
	}
	name, _, _ := bytes.Cut(bytes.TrimSuffix(plain, []byte{'@'}), []byte{':'})
	hidden := bytes.IndexByte(user, ':') < 0 && bytes.IndexByte(plain, ':') >= 0
	return hidden || credential.IsValue(name) || bytes.IndexByte(user, '@') < 0 && bytes.IndexByte(user, ':') >= 0
}
