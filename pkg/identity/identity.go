// Package identity is the whole policy for customer information: how a value of each match key is normalized, hashed or
// dropped. Every row of design's table and of testdata's vectors is a test. The normalizer calls it for every event and
// the command to explain a value. It refuses I/O, and it never returns the raw value in an error.
package identity

import "time"

// THIS FILE IS THE AGREED API (signatures); the owner of pkg/identity replaces it by real files of one key each.

// Key is a match key of user_data.
type Key uint8

// The keys Meta hashes, then those it takes in clear. Hashed() tells them apart.
const (
	Em Key = iota
	Ph
	Fn
	Ln
	Ge
	Db
	Ct
	St
	Zp
	Country
	ExternalID
	F5First
	F5Last
	Fi
	Dobd
	Dobm
	Doby
	ClientIPAddress
	ClientUserAgent
	Fbc
	Fbp
	SubscriptionID
	FbLoginID
	LeadID
	AnonID
	Madid
	PageID
	PageScopedUserID
	CtwaClid
	WhatsAppBusinessAccountID
	IgAccountID
	InstagramBusinessAccountID
	IgSID
	NumKeys // how many there are
)

// String is the key's name on the wire ("em").
func (k Key) String() string { panic("unbuilt") }

// KeyOf finds a key by its wire name or an alias (zip, email, phone, gen, first_name, …).
func KeyOf(name []byte) (Key, bool) { panic("unbuilt") }

// Hashed says whether Meta takes the key only as SHA-256.
func (k Key) Hashed() bool { panic("unbuilt") }

// List says whether the key takes several values.
func (k Key) List() bool { panic("unbuilt") }

// Drop is why a value is left out: a closed list, a metric label.
type Drop uint8

// The drops; Kept is none.
const (
	Kept      Drop = iota
	Empty          // nothing left after normalizing
	Malformed      // not a value of this key
	Private        // an address that is not public
	Duplicate      // the same as another value of the list after hashing
)

func (d Drop) String() string { panic("unbuilt") }

// Form says what the sender declares a value to be.
type Form uint8

// Auto looks whether it is a hash already; Raw is never one; Declared hashed also takes 32 hex digits (MD5).
const (
	Auto Form = iota
	Raw
	DeclaredHashed
)

// Context is what reading a value depends on.
type Context struct {
	Country        string    // ISO alpha-2, lower case: the event's own, "" if none
	DefaultCountry string    // the source's, "" if none; how values are read, never sent
	Now            time.Time // for birth dates
}

// CountryCode reads a country's name, code or alias as ISO alpha-2, lower case, "" if it is none.
func CountryCode(raw []byte) string { panic("unbuilt") }

// AppendNormalized appends the text that is hashed (or sent, for keys in clear).
func AppendNormalized(dst []byte, k Key, raw []byte, f Form, c *Context) ([]byte, Drop) {
	panic("unbuilt")
}

// Append appends the value as it goes to Meta: 64 hex digits, a hash that came as one (lower-cased, its suffix kept),
// or the clear value. On a drop dst is unchanged.
func Append(dst []byte, k Key, raw []byte, f Form, c *Context) ([]byte, Drop) { panic("unbuilt") }

// AppendFbc builds fbc from a real fbclid: fb.1.<first seen, ms>.<fbclid>.
func AppendFbc(dst, fbclid []byte, ms int64) []byte { panic("unbuilt") }

// FbclidOf returns the fbclid of a URL's query, decoded once, nil if none.
func FbclidOf(url []byte) []byte { panic("unbuilt") }
