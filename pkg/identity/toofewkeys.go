package identity

// thinSets are the sets of keys that, by Meta's rule, are too few to match anybody (since Graph v13.0).
var thinSets = [...]uint64{
	1<<Ct | 1<<Country | 1<<St | 1<<Zp | 1<<Ge | 1<<ClientUserAgent,
	1<<Db | 1<<ClientUserAgent,
	1<<Fn | 1<<Ge,
	1<<Ln | 1<<Ge,
}

// TooFewKeys says whether Meta would refuse an event whose user_data has only the keys of mask (see Key.Bit): no key at
// all, or only keys of one of the thinSets. Ask after invalid values are dropped.
func TooFewKeys(mask uint64) bool {
	for _, set := range thinSets {
		if mask&^set == 0 {
			return true
		}
	}
	return false
}
