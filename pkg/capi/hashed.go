package capi

import "github.com/omnicapi/omnicapi/pkg/identity"

// Hashed is user_data as it goes to Meta: normalized, hashed, without repeats. It is reused from event to event.
type Hashed struct {
	arena []byte
	vals  []hashedValue
	seen  [][]byte
	mask  uint64
	lists uint64 // the keys that have several values
}

// hashedValue is arena[start:end].
type hashedValue struct {
	key        identity.Key
	start, end int
}

// Fill normalizes and hashes all values of u, in order. Values that are left out are reported to dropped (which may be nil).
// A key that takes one value keeps the first that is good. A value of a place is read by the place's country.
func (h *Hashed) Fill(u *User, c *identity.Context, dropped func(identity.Key, identity.Drop)) {
	h.arena, h.vals, h.mask = h.arena[:0], h.vals[:0], 0
	h.lists = 0
	var there identity.Context
	if c != nil {
		there = *c
	}
	for i := range u.Values {
		v := &u.Values[i]
		c := c
		if v.Country[0] != 0 {
			if there.Country != string(v.Country[:]) {
				there.Country = identity.CountryCode(v.Country[:]) // the table's own text
			}
			c = &there
		}
		if !v.Key.List() && h.Has(v.Key) {
			continue
		}
		start := len(h.arena)
		arena, drop := identity.Append(h.arena, v.Key, v.Text, v.Form, c)
		if drop == identity.Kept && h.Has(v.Key) {
			drop = identity.Distinct(h.all(v.Key), arena[start:])
		}
		if drop != identity.Kept {
			if dropped != nil {
				dropped(v.Key, drop)
			}
			continue
		}
		h.arena = arena
		h.vals = append(h.vals, hashedValue{v.Key, start, len(arena)})
		h.lists |= h.mask & v.Key.Bit()
		h.mask |= v.Key.Bit()
	}
}

// all returns the values of a key, valid until the next call.
func (h *Hashed) all(k identity.Key) [][]byte {
	h.seen = h.seen[:0]
	for _, v := range h.vals {
		if v.key == k {
			h.seen = append(h.seen, h.arena[v.start:v.end])
		}
	}
	return h.seen
}

// Mask has the bit 1<<key of each key that has a value.
func (h *Hashed) Mask() uint64 { return h.mask }

// Has says whether key has a value.
func (h *Hashed) Has(k identity.Key) bool { return h.mask&k.Bit() != 0 }

// First is the first value of a key, nil if there is none. It is valid until the next Fill.
func (h *Hashed) First(k identity.Key) []byte {
	for _, v := range h.vals {
		if v.key == k {
			return h.arena[v.start:v.end]
		}
	}
	return nil
}

// Find returns the key of the first value of which is is true; false: there is none.
func (h *Hashed) Find(is func(k identity.Key, value []byte) bool) (identity.Key, bool) {
	for _, v := range h.vals {
		if is(v.key, h.arena[v.start:v.end]) {
			return v.key, true
		}
	}
	return 0, false
}

// Remove removes all values of a key; it returns false if there were none.
func (h *Hashed) Remove(k identity.Key) bool {
	if !h.Has(k) {
		return false
	}
	kept := h.vals[:0]
	for _, v := range h.vals {
		if v.key != k {
			kept = append(kept, v)
		}
	}
	h.vals = kept
	h.mask &^= k.Bit()
	h.lists &^= k.Bit()
	return true
}
