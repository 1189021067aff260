package receive

import (
	"strings"

	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// credentials are the names under which senders put secrets into URLs, forms and bodies: none of them is stored.
var credentials = []struct {
	name   string
	always bool // at whatever depth: the name means nothing else
}{
	{"access_token", true},
	{"accesskey", true},
	{"api_secret", true},
	{"appsecret_proof", true},
	{"client_secret", true},
	{"hub.verify_token", true},
	{"token", false}, // below the top it may be a coupon's or a device's
	{"writekey", true},
}

// IsCredential says whether a parameter of that name is cut out of what is stored.
func IsCredential(name string) bool { return isCredential(name, true) }

func isCredential(name string, top bool) bool {
	for i := range credentials {
		if c := &credentials[i]; len(c.name) == len(name) && (top || c.always) && strings.EqualFold(c.name, name) {
			return true
		}
	}
	return false
}

// withoutCredentials returns a value without its credentials: itself if it has none, else a copy in scratch.
func withoutCredentials(value []byte, scratch *[]byte) []byte {
	found := false
	jsonscan.Keys(value, func(key []byte) bool {
		found = IsCredential(string(jsonscan.Key(key, nil)))
		return !found
	})
	if !found {
		return value
	}
	start := len(*scratch)
	d := appendWithoutCredentials(*scratch, value, true)
	*scratch = d
	return d[start:len(d):len(d)]
}

// appendWithoutCredentials appends a value as it is written, but for the members that are credentials.
func appendWithoutCredentials(d, value []byte, top bool) []byte {
	next := func() {
		if last := d[len(d)-1]; last != '{' && last != '[' {
			d = append(d, ',')
		}
	}
	switch jsonscan.Kind(value) {
	case 'o':
		d = append(d, '{')
		jsonscan.Object(value, func(key, v []byte) bool {
			if isCredential(string(jsonscan.Key(key, nil)), top) {
				return true
			}
			next()
			d = append(append(append(d, '"'), key...), '"', ':')
			d = appendWithoutCredentials(d, v, false)
			return true
		})
		return append(d, '}')
	case 'a':
		d = append(d, '[')
		jsonscan.Array(value, func(v []byte) bool {
			next()
			d = appendWithoutCredentials(d, v, false)
			return true
		})
		return append(d, ']')
	}
	return append(d, value...)
}
