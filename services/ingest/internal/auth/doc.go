// Package auth decides which configured source a request belongs to: by the name or key that the request gives, the
// secret it presents and the page it comes from. Package httpapi asks it once a request. It refuses to say which of
// them was wrong: an unknown key and a wrong secret look alike.
package auth
