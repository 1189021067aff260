// Package capi is Meta's server event: its shape, encoder, validation, limits and error table (docs of the Conversions
// API). The normalizer fills and encodes events, the forwarder splices and classifies, the sandbox refuses by the same
// rules. It refuses I/O and knows no channel.
package capi

import "github.com/omnicapi/omnicapi/pkg/identity"

// Event is one server event while it is being normalized. Slices point into the raw record or the event's own arena and
// are valid until Reset. Raw JSON members keep the sender's own text.
type Event struct {
	Name         []byte
	ID           []byte
	Time         int64 // Unix seconds; TimeSet tells 0 from absent
	TimeSet      bool
	ActionSource []byte
	SourceURL    []byte // event_source_url
	ReferrerURL  []byte
	OptOut       []byte // raw JSON true or false
	Options      []byte // data_processing_options, raw JSON array
	OptCountry   []byte // data_processing_options_country, raw JSON number
	OptState     []byte
	Messaging    []byte // messaging_channel

	User   User
	Custom Custom
	App    App
	Extra  []Member // other known top-level members as raw JSON: original_event_data, attribution_data, …

	arena []byte
}

// User is user_data before hashing.
type User struct {
	Values []Value
}

// Value is one value of a match key as the sender gave it.
type Value struct {
	Key  identity.Key
	Form identity.Form
	Text []byte
}

// Custom is custom_data. Value and Currency stand apart because signals carry them in headers.
type Custom struct {
	Value    []byte // decimal text; nil: none
	Currency []byte // as given; upper-cased and checked by Validate
	Contents []Content
	Members  []Member // everything else, sender's order, raw JSON
}

// Content is one element of contents.
type Content struct {
	ID        []byte // text
	Quantity  []byte // decimal text
	ItemPrice []byte // decimal text
	Members   []Member
}

// Member is one JSON member: key as text, value as raw JSON.
type Member struct {
	Key   []byte
	Value []byte
}

// App is app_data.
type App struct {
	AdvertiserTracking  []byte // 0 or 1 text; nil: none
	ApplicationTracking []byte
	ExtInfo             [][]byte // texts; 16 or none
	Members             []Member
}

// Reset empties the event and keeps its memory.
func (e *Event) Reset() {
	*e = Event{
		User:   User{Values: e.User.Values[:0]},
		Custom: Custom{Contents: e.Custom.Contents[:0], Members: e.Custom.Members[:0]},
		App:    App{ExtInfo: e.App.ExtInfo[:0], Members: e.App.Members[:0]},
		Extra:  e.Extra[:0],
		arena:  e.arena[:0],
	}
}

// Keep copies text into the event's own memory, where it stays until Reset. The copy cannot grow into its neighbour.
func (e *Event) Keep(text []byte) []byte {
	start := len(e.arena)
	e.arena = append(e.arena, text...)
	return e.arena[start:len(e.arena):len(e.arena)]
}

// begin is where the next text of the event's own memory begins; since is what was appended there by hand since then.
func (e *Event) begin() int { return len(e.arena) }

func (e *Event) since(mark int) []byte { return e.arena[mark:len(e.arena):len(e.arena)] }

// Add adds a value of a match key; empty text is ignored.
func (u *User) Add(k identity.Key, f identity.Form, text []byte) {
	if len(text) == 0 {
		return
	}
	u.Values = append(u.Values, Value{Key: k, Form: f, Text: text})
}
