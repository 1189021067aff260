package identity

import "time"

// Form says what the sender declares a value to be.
type Form uint8

// Auto looks whether it is a hash already; Raw is never one; DeclaredHashed also takes 32 hex digits (MD5) and nothing
// that is no hash.
const (
	Auto Form = iota
	Raw
	DeclaredHashed
)

// Context is what reading a value depends on. A nil Context is an empty one.
type Context struct {
	Country        string    // ISO alpha-2, lower case: the event's own, "" if none
	DefaultCountry string    // the source's, "" if none; how values are read, never sent
	Now            time.Time // bounds birth dates; zero: no upper bound
}

// home is the country whose habits a value is read by.
func (c *Context) home() string {
	if c == nil {
		return ""
	}
	if c.Country != "" {
		return c.Country
	}
	return c.DefaultCountry
}

// lastBirthYear is PB's bound: next year, for clocks and time zones that run ahead.
func (c *Context) lastBirthYear() int {
	if c == nil || c.Now.IsZero() {
		return 9999
	}
	return c.Now.Year() + 1
}
