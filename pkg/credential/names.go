// Package credential knows what opens something when it sees it: by the name of a member or a parameter, or by its own
// shape. Ingest cuts such values out of what it stores, the normalizer out of what it sends. It refuses to know persons:
// what names one is package pageurl's.
package credential

import "bytes"

// maxName bounds the names that are known.
const maxName = 48

// fold appends a name's letters and digits in lower case: access_token, accessToken and Access-Token are one name.
func fold(dst, name []byte) []byte {
	for _, b := range name {
		switch {
		case 'A' <= b && b <= 'Z':
			dst = append(dst, b|0x20)
		case 'a' <= b && b <= 'z', '0' <= b && b <= '9':
			dst = append(dst, b)
		}
	}
	return dst
}

// IsMember says whether a member of an event is a credential by its name. own: it stands where senders put members of their
// own, or at the top; elsewhere a token may be a device's.
func IsMember(name []byte, own bool) bool {
	if len(name) < len("token") || len(name) > maxName {
		return false
	}
	switch name[len(name)-1] | 0x20 {
	case 'd', 'e', 'f', 'n', 't', 'y': // the last letters of those below: most names end here
	default:
		return false
	}
	var room [maxName]byte
	switch string(fold(room[:0], name)) {
	case "accesskey", "accesstoken", "apikey", "apisecret", "apitoken", "appsecret", "appsecretproof", "authorization", "authtoken",
		"bearertoken", "clientsecret", "hubverifytoken", "idtoken", "passphrase", "passwd", "password", "privatekey",
		"refreshtoken", "resettoken", "secretaccesskey", "secretkey", "sessiontoken", "verifytoken", "writekey", "xapikey":
		return true
	case "token":
		return own
	}
	return false
}

// IsOwn says whether an object of that name holds members of the sender's own.
func IsOwn(name []byte) bool {
	if len(name) < 2 || len(name) > maxName {
		return false
	}
	var room [maxName]byte
	switch string(fold(room[:0], name)) {
	case "cd", "customdata", "customattributes", "params", "parameters", "properties", "eventdata":
		return true
	}
	return false
}

// long is from how many bytes on a value is taken for a credential under a name that means other things, too.
const long = 16

// IsParameter says whether a parameter of an address is a credential by its name: there any token is one.
func IsParameter(name, value []byte) bool {
	if len(name) < len("key") || len(name) > maxName || len(value) == 0 {
		return false
	}
	var room [maxName]byte
	folded := fold(room[:0], name)
	for len(folded) > 0 && '0' <= folded[len(folded)-1] && folded[len(folded)-1] <= '9' {
		folded = folded[:len(folded)-1]
	}
	switch string(folded) {
	case "pass", "jwt", "otp", "phpsessid", "jsessionid", "authorization", "hubverifytoken":
		return true
	case "key", "code", "auth":
		return len(value) >= long
	}
	for _, end := range ends {
		if bytes.HasSuffix(folded, end) {
			return true
		}
	}
	return false
}

// ends are the ends of names of parameters that are credentials.
var ends = [][]byte{
	[]byte("token"), []byte("password"), []byte("passwd"), []byte("passwort"), []byte("passphrase"), []byte("pwd"), []byte("secret"),
	[]byte("apikey"), []byte("accesskey"), []byte("secretkey"), []byte("privatekey"), []byte("writekey"), []byte("authkey"),
	[]byte("appsecretproof"), []byte("amzsignature"), []byte("amzcredential"), []byte("googsignature"),
}

// Announces says whether the segment of a path behind one of that name opens something: /reset-password/….
func Announces(segment []byte) bool {
	if len(segment) < len("token") || len(segment) > maxName {
		return false
	}
	var room [maxName]byte
	switch string(fold(room[:0], segment)) {
	case "token", "accesstoken", "authtoken", "resetpassword", "passwordreset", "magiclink", "apikey", "secret":
		return true
	}
	return false
}

// IsAnnounced says whether a segment behind one that announces a credential is one.
func IsAnnounced(segment []byte) bool { return len(segment) >= long }
