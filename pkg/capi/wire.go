package capi

import "time"

// WireError is why Meta refuses an event, and with it the whole request: code 100 with a subcode.
type WireError struct {
	Code    int
	Subcode int
	Title   string // error_user_title: fixed text
	Path    string // within the event, "custom_data.value"; "": the event
}

func (e *WireError) Error() string { return e.Title }

// CheckWire refuses an element of data[] as Meta does (subcodes 2804003, 2804009, 2804019, 2804050, 2804066), nil if
// Meta takes it. event need not be checked JSON. The sandbox calls it.
func CheckWire(event []byte, now time.Time) *WireError { panic("unbuilt") }
