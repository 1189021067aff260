package capi

// AppendEvent appends the server event as it goes into data[]: compact JSON, fixed member order. e and h have passed
// Validate.
func AppendEvent(dst []byte, e *Event, h *Hashed) []byte { panic("unbuilt") }
