// Package auth decides which of several accounts a request belongs to: by the name or key that the request gives, the
// secret it presents or the signature it bears, and the page it comes from. Package source embeds an Account in each
// source; httpapi asks Find once a request. It refuses to say which part of a proof was wrong: an unknown key and a wrong
// secret look alike, in the answer and in the time that it takes.
package auth
