// Package pageurl takes out of the address of a page what names a person, and what opens something: shops and forms put
// e-mails, phones, names, tokens and passwords into queries, fragments and paths. Ingest takes the credentials out of every
// address that it stores; the normalizer both out of every address that goes to Meta, which forbids persons there (its terms
// for business tools). It refuses to judge the rest: campaign parameters, click ids and order numbers stay byte for byte, and
// so does an address that names nobody.
//
// What goes:
//
//   - a parameter of a query or a fragment, with its name, whose name is known for a person's data (names.go), or in whose value
//     an e-mail or a phone stands, however often it was percent-encoded, in base64, or in an address within the value;
//   - a segment of the path in which an e-mail or a phone stands, or such a parameter;
//   - such parameters and segments that are credentials by their name or their shape (package credential);
//   - the user and password before the host.
package pageurl

import "bytes"

// AppendPublic appends an address without what names a person and without credentials; changed says whether there was
// anything. Where nothing is to be taken out, dst is returned as it is and costs no memory. The result of a result is the same.
func AppendPublic(dst, address []byte) (out []byte, changed bool) {
	return appendWithout(dst, address, true)
}

// AppendWithoutCredentials is AppendPublic for credentials alone: whom an address names stays in it.
func AppendWithoutCredentials(dst, address []byte) (out []byte, changed bool) {
	return appendWithout(dst, address, false)
}

func appendWithout(dst, address []byte, persons bool) (out []byte, changed bool) {
	start := len(dst)
	for from := address; ; {
		c := cleaner{dst: dst, from: from, persons: persons}
		c.address()
		if !c.changed {
			return dst, changed
		}
		c.dst = append(c.dst, from[c.done:]...)
		if !changed {
			dst, changed = c.dst, true
			from = dst[start:]
			continue
		}
		// What was left, read anew, had more to take out.
		dst = append(c.dst[:start], c.dst[len(dst):]...)
		from = dst[start:]
	}
}

// places says where the parts of an address begin.
type places struct {
	user, host int // user == host: none
	path       int
	query      int // the question mark
	fragment   int // the number sign
}

func parts(a []byte) places {
	p := places{fragment: len(a)}
	if i := bytes.IndexByte(a, '#'); i >= 0 {
		p.fragment = i
	}
	p.query = p.fragment
	if i := bytes.IndexByte(a[:p.fragment], '?'); i >= 0 {
		p.query = i
	}
	if i := bytes.Index(a[:p.query], slashes); i >= 0 && isScheme(a[:i]) {
		p.user = i + len(slashes)
		p.path = p.query
		if end := bytes.IndexByte(a[p.user:p.query], '/'); end >= 0 {
			p.path = p.user + end
		}
		p.host = p.user + behindUser(a[p.user:p.path])
	}
	return p
}

var slashes = []byte("//")

// escapedAts is the sign between user and host as no browser sends it: some page has escaped the whole address.
var escapedAts = [][]byte{[]byte("%40"), []byte("%2540"), []byte("%252540")}

// behindUser is where the host begins in what stands before the path: behind the last sign of a user, else at its begin.
func behindUser(authority []byte) int {
	host := 0
	if bytes.IndexByte(authority, '@') >= 0 {
		host = bytes.LastIndexByte(authority, '@') + 1
	}
	if bytes.IndexByte(authority, '%') < 0 {
		return host
	}
	for _, at := range escapedAts {
		if i := bytes.LastIndex(authority, at); i >= 0 {
			host = max(host, i+len(at))
		}
	}
	return host
}

// isScheme says whether what stands before // is a scheme with its colon, or nothing.
func isScheme(text []byte) bool {
	if len(text) == 0 {
		return true
	}
	for _, b := range text[:len(text)-1] {
		if !isAlnum(b) && b != '+' && b != '-' && b != '.' {
			return false
		}
	}
	return text[len(text)-1] == ':'
}

// cleaner writes the parts of an address that stay. It writes nothing before the first one that goes.
type cleaner struct {
	dst     []byte
	from    []byte
	done    int  // up to here from is written, or left out
	persons bool // they go, too, not only credentials
	changed bool
}

func (c *cleaner) address() {
	p := parts(c.from)
	switch user := c.from[p.user:p.host]; {
	case len(user) == 0:
	case c.persons, isKey(user):
		c.cut(p.user, p.host)
	default:
		if i := bytes.IndexByte(user, ':'); i >= 0 && i < len(user)-1 { // the password; whose it is stays
			c.cut(p.user+i, p.user+bytes.LastIndexByte(user, '@'))
		}
	}
	c.segments(p.path, p.query)
	if p.query < p.fragment {
		c.pairs(p.query, p.fragment)
	}
	if p.fragment < len(c.from) {
		c.fragment(p.fragment, len(c.from))
	}
}

// cut leaves out what stands between two places, and writes what stands before.
func (c *cleaner) cut(from, to int) {
	c.dst = append(c.dst, c.from[c.done:from]...)
	c.done, c.changed = to, true
}

// segments reads a path.
func (c *cleaner) segments(from, to int) {
	var before []byte // the segment before, as it was read
	for at := from; at < to; {
		begin := at // of the slash
		if c.from[at] == '/' {
			at++
		}
		end := to
		if i := bytes.IndexByte(c.from[at:to], '/'); i >= 0 {
			end = at + i
		}
		one := c.from[at:end]
		if isCredentialSegment(before, one) || c.persons && isPersonalSegment(one) {
			if begin == from && end == to { // the path's only one: the slash stays
				begin = at
			}
			for begin == 0 && bytes.HasPrefix(c.from[end:to], slashes) { // the rest of the path must not become a host
				end++
			}
			c.cut(begin, end)
		}
		before = one
		at = end
	}
}

// pairs reads what begins with a question mark or a number sign and holds parameters.
func (c *cleaner) pairs(from, to int) {
	first, lost := true, false // no parameter is kept yet; one was lost
	for at := from; at < to; {
		end := to
		if i := nextPair(c.from[at+1 : to]); i >= 0 {
			end = at + 1 + i
		}
		one := c.from[at+1 : end]
		switch {
		case isCredentialPair(one), c.persons && isPersonalPair(one):
			c.cut(at, end)
			lost = true
		case first && lost: // the mark stands before this one now
			c.cut(at, at+1)
			c.dst = append(c.dst, c.from[from])
			first = false
		default:
			first = false
		}
		at = end
	}
}

// nextPair is where the separator before the next parameter stands, -1: there is none. An ampersand that was escaped for HTML
// leaves a semicolon, and scripts append a second question mark.
func nextPair(text []byte) int {
	for i, b := range text {
		if b == '&' || b == ';' || b == '?' {
			return i
		}
	}
	return -1
}

// fragment reads a fragment: a name, a path, parameters, or a path with a query.
func (c *cleaner) fragment(from, to int) {
	text := c.from[from:to]
	query := bytes.IndexByte(text, '?')
	path := text
	if query >= 0 {
		path = text[:query]
	}
	if bytes.IndexByte(path, '/') < 0 && bytes.IndexByte(path, '=') >= 0 {
		c.pairs(from, to)
		return
	}
	c.segments(from+1, from+len(path))
	if query >= 0 {
		c.pairs(from+query, to)
	}
}
