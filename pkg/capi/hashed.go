package capi

import "github.com/omnicapi/omnicapi/pkg/identity"

// Hashed is user_data as it goes to Meta: normalized, hashed, without repeats. It is reused from event to event.
type Hashed struct {
	arena []byte
	vals  []hashedValue
	mask  uint64
}

type hashedValue struct {
	key        identity.Key
	start, end int
}

// Fill normalizes and hashes all values of u, in order. Values that are left out go to dropped (nil: nobody is told).
// A key that takes one value keeps the first that is good.
func (h *Hashed) Fill(u *User, c *identity.Context, dropped func(identity.Key, identity.Drop)) {
	panic("unbuilt")
}

// Mask has the bit 1<<key of each key that has a value.
func (h *Hashed) Mask() uint64 { return h.mask }

// Has says whether key has a value.
func (h *Hashed) Has(k identity.Key) bool { return h.mask&(1<<k) != 0 }

// First is the first value of a key, nil if there is none. It is valid until the next Fill.
func (h *Hashed) First(k identity.Key) []byte { panic("unbuilt") }

// Remove takes all values of a key out; false: there was none.
func (h *Hashed) Remove(k identity.Key) bool { panic("unbuilt") }
