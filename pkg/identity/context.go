package identity

import "time"

// Form says what the sender declares a value to be.
type Form uint8

// Auto finds out whether the value is a hash already; Raw takes it as never hashed. DeclaredHashed takes only hashes,
// among them 32 hex digits (MD5), and drops anything else.
const (
	Auto Form = iota
	Raw
	DeclaredHashed
)

// Context holds what the reading of a value depends on. A nil Context is an empty one.
type Context struct {
	Country        string    // ISO alpha-2, lower case: the event's own, "" if none
	DefaultCountry string    // the source's, "" if none; how values are read, never sent
	Now            time.Time // bounds birth dates; zero: no upper bound
}

// home returns the country by whose rules values are read: the event's own, else the source's default, else "".
func (c *Context) home() string {
	if c == nil {
		return ""
	}
	if c.Country != "" {
		return c.Country
	}
	return c.DefaultCountry
}

// lastBirthYear returns PB's upper bound: next year, since some clocks and time zones run ahead.
func (c *Context) lastBirthYear() int {
	if c == nil || c.Now.IsZero() {
		return 9999
	}
	return c.Now.Year() + 1
}
