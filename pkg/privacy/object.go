package privacy

import "github.com/omnicapi/omnicapi/pkg/jsonscan"

// said is what the members of an object say.
type said struct {
	use     Statement // ad_user_data
	ads     Statement // the other names of advertising
	storage Statement // ad_storage
	status  Statement // of the whole object
	unknown Statement // of members with names that are not known
	other   bool      // the object names a category that is not advertising: its status is that one's
}

func (s *said) object(value []byte, depth int) {
	jsonscan.Object(value, func(key, v []byte) bool {
		s.member(key, v, depth)
		return true
	})
	if s.other {
		s.status = Nothing
	}
}

func (s *said) member(key, v []byte, depth int) {
	switch nameOf(key) {
	case useName:
		s.use = Stricter(s.use, readOf(v, depth))
	case advertisingName:
		s.ads = Stricter(s.ads, readOf(v, depth))
	case storageName:
		s.storage = Stricter(s.storage, readOf(v, depth))
	case statusName:
		s.status = Stricter(s.status, readOf(v, depth))
	case refusalName:
		s.status = Stricter(s.status, refusal(v, depth))
	case allowedName:
		if listsAdvertising(v) {
			s.status = Stricter(s.status, Granted)
		}
	case groupName:
		s.within(v, depth)
	case labelName:
		s.label(v)
	case otherName:
		if jsonscan.Kind(v) == 'o' { // preferences is a category, or what holds them
			var inner said
			inner.nested(v, depth)
			inner.status, inner.unknown = Nothing, Nothing
			s.join(&inner)
		}
	default:
		if jsonscan.Kind(v) != 'o' {
			s.unknown = Stricter(s.unknown, read(v, depth))
			return
		}
		var inner said
		inner.nested(v, depth)
		inner.unknown = Stricter(inner.unknown, inner.status)
		inner.status = Nothing
		s.join(&inner)
	}
}

// within reads a member that holds the statement or its categories.
func (s *said) within(v []byte, depth int) {
	if jsonscan.Kind(v) != 'o' {
		s.status = Stricter(s.status, read(v, depth))
		return
	}
	var inner said
	inner.nested(v, depth)
	s.join(&inner)
}

func (s *said) nested(v []byte, depth int) {
	if depth == 0 {
		s.unknown = Unreadable
		return
	}
	s.object(v, depth-1)
}

func (s *said) join(inner *said) {
	s.use = Stricter(s.use, inner.use)
	s.ads = Stricter(s.ads, inner.ads)
	s.storage = Stricter(s.storage, inner.storage)
	s.status = Stricter(s.status, inner.status)
	s.unknown = Stricter(s.unknown, inner.unknown)
}

// label reads the name of the category whose status the object is.
func (s *said) label(v []byte) {
	if jsonscan.Kind(v) == 's' {
		var room []byte
		text := jsonscan.Text(v, &room)
		s.other = s.other || isOther(text) && !IsAdvertising(text)
	}
}

// refusal reads a member that says no by its name: a flag, or a list of the categories that were refused.
func refusal(v []byte, depth int) Statement {
	if jsonscan.Kind(v) == 'a' {
		if listsAdvertising(v) {
			return Denied
		}
		return Nothing
	}
	switch read(v, depth) {
	case Granted:
		return Denied
	case Unreadable:
		return Unreadable
	default: // that it is not refused does not say that it is granted
		return Nothing
	}
}

// listsAdvertising says whether a list of names has one of advertising.
func listsAdvertising(list []byte) bool {
	found := false
	jsonscan.Array(list, func(one []byte) bool {
		var room []byte
		found = jsonscan.Kind(one) == 's' && IsAdvertising(jsonscan.Text(one, &room))
		return !found
	})
	return found
}

// result joins what was said. ad_storage is of cookies: it counts where ad_user_data is not said. Where advertising is named,
// a status that is not known is another thing's. Members that are not known count where nothing else is: they may be the
// refusal of anything, and their consent may be to anything.
func (s *said) result() Statement {
	all := Stricter(s.use, s.ads)
	if all == Nothing || s.status != Unreadable {
		all = Stricter(all, s.status)
	}
	if s.use == Nothing {
		all = Stricter(all, s.storage)
	}
	if all == Nothing && s.unknown > Granted {
		return Unreadable
	}
	return all
}
